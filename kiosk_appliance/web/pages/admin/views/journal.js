// @ts-check
/** What the kiosk has done, and who has done what to it. */
import { html } from "../../vendor/ui.js";
import { moment } from "../format.js";
import { Badge, Choice, Field, Filters, Paged } from "../parts.js";
import { language, said, t } from "../words.js";

const FIELDS = /** @type {const} */ (["level", "component", "message", "correlation_id"]);

/** @param {{query: URLSearchParams}} props */
export function Logs({ query }) {
  const filters = Object.fromEntries(FIELDS.map((name) => [name, query.get(name)]));
  return html`
    <${Filters} view="logs" active=${FIELDS.some((name) => query.has(name))} key=${query.toString()}>
      <${Choice} name="level" label=${t().level} value=${filters["level"] ?? null} options=${t().levels} />
      <${Field} label=${t().component}><input name="component" defaultValue=${filters["component"] ?? ""} /><//>
      <${Field} label=${t().message}><input name="message" defaultValue=${filters["message"] ?? ""} /><//>
      <${Field} label=${t().correlation}><input name="correlation_id" defaultValue=${filters["correlation_id"] ?? ""} /><//>
    <//>
    <${Paged} path="/admin/logs" filters=${filters} empty=${t().empty.logs}
      row=${(/** @type {import("../api.js").LogLine} */ one) => html`<li key=${one.id} class="row log">
        <time datetime=${one.timestamp}>${moment(one.timestamp, language.value, true)}</time>
        <${Badge} state=${one.level}>${said(t().levels, one.level)}<//>
        <div class="words" lang="en"><a href="#logs?component=${one.component}">${one.component}</a> <span>${one.message}</span>
          ${one.correlation_id && html` <a class="hint" href="#logs?correlation_id=${one.correlation_id}">${one.correlation_id}</a>`}</div>
      </li>`} />`;
}

export const Audit = () => html`
  <${Paged} path="/admin/audit" filters=${{}} empty=${t().empty.audit}
    row=${(/** @type {import("../api.js").AuditLine} */ one) => html`<li key=${one.id} class="row log">
      <time datetime=${one.at}>${moment(one.at, language.value, true)}</time>
      <span class="chip">${said(t().actors, one.actor)}</span>
      <div class="words"><strong>${one.action}</strong> <span>${one.target}</span> <span class="hint">${one.detail}</span></div>
    </li>`} />`;
