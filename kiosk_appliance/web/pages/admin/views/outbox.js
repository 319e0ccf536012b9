// @ts-check
/** The deliveries: where each stands and why, retry and cancel. */
import { html, useState } from "../../vendor/ui.js";
import * as api from "../api.js";
import { moment, number } from "../format.js";
import { live } from "../live.js";
import { Badge, Button, Choice, Confirm, Filters, Paged, done, useQuestion } from "../parts.js";
import { language, said, t } from "../words.js";

const OPEN = new Set(["waiting", "uncertain"]);
const AGAIN = new Set(["waiting", "uncertain", "refused", "expired", "cancelled"]);

/** All of it in numbers, live; each leads to its part of the list. */
const Counts = () => html`<ul class="counts">
  ${Object.entries(live.value.outbox?.counts ?? {}).map(([channel, states]) => html`<li><h2>${said(t().channels, channel)}</h2><ul class="badges">
    ${Object.entries(states).map(([state, count]) => html`<li><a href="#outbox?channel=${channel}&state=${state}"><${Badge} state=${state}>
      ${number(count, language.value)} ${count > 1 ? t().manyOf(said(t().states, state)) : said(t().states, state)}<//></a></li>`)}</ul></li>`)}
</ul>`;

/** @param {{query: URLSearchParams}} props */
export function Outbox({ query }) {
  const [question, ask, close] = useQuestion();
  const filters = { channel: query.get("channel"), state: query.get("state") };
  /** @param {import("../api.js").OutboxItem} one @param {() => void} again */
  const retry = (one, again) => {
    const act = async () => {
      await done(api.call("POST", `/admin/outbox/${one.id}/retry`), t().retriedOne);
      again();
    };
    if (one.state === "uncertain") ask({ title: t().retryParked, action: t().retry, act });
    else void act();
  };
  /** @param {import("../api.js").OutboxItem} one @param {() => void} again */
  const cancel = (one, again) => ask({
    title: t().cancelAsk, action: t().cancel,
    act: async () => {
      await done(api.call("DELETE", `/admin/outbox/${one.id}`), t().cancelled);
      again();
    },
  });
  return html`
    <${Counts} />
    <${Filters} view="outbox" active=${Boolean(filters.channel ?? filters.state)} key=${query.toString()}>
      <${Choice} name="channel" label=${t().channel} value=${filters.channel} options=${t().channels} />
      <${Choice} name="state" label=${t().state} value=${filters.state} options=${t().states} />
    <//>
    <${Paged} path="/admin/outbox" filters=${filters} empty=${t().empty.outbox}
      top=${() => html`<${SyncAll} />`}
      row=${(/** @type {import("../api.js").OutboxItem} */ one, /** @type {() => void} */ again) => html`<li key=${one.id} class="row">
        <div class="what"><strong>${said(t().channels, one.channel)}</strong><span class="hint">${moment(one.created_at, language.value)}</span></div>
        <div class="why"><${Badge} state=${one.state}>${said(t().states, one.state)}<//>
          <p>${said(t().stateMore, one.state) === one.state ? "" : said(t().stateMore, one.state)}
            <span class="hint"> ${[one.attempts && t().attempts(one.attempts), one.next_attempt_at && t().nextTry(moment(one.next_attempt_at, language.value))].filter(Boolean).join(", ")}</span></p>
          ${one.last_error && one.state !== "delivered" && html`<p class="support"><q lang="en">${one.last_error}</q></p>`}</div>
        <div class="actions">
          ${AGAIN.has(one.state) && html`<${Button} onTap=${() => retry(one, again)}>${t().retry}<//>`}
          ${OPEN.has(one.state) && html`<${Button} look="danger" onTap=${() => cancel(one, again)}>${t().cancel}<//>`}</div>
      </li>`} />
    <${Confirm} question=${question} close=${close} />`;
}

function SyncAll() {
  const [busy, setBusy] = useState(false);
  const act = async () => {
    setBusy(true);
    await done(/** @type {ReturnType<typeof api.call<{due: number}>>} */ (api.call("POST", "/admin/sync")), ({ due }) => t().retried(due));
    setBusy(false);
  };
  return html`<${Button} busy=${busy} onTap=${act}>${t().retryAll}<//>`;
}
