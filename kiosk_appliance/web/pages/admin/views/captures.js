// @ts-check
/** The photos: found by number, address, state or day; retried and erased one by one. */
import { html, useState } from "../../vendor/ui.js";
import * as api from "../api.js";
import { dayBegins, masked, maskedEmail, moment, size } from "../format.js";
import { Button, Choice, Confirm, Deliveries, Field, Filters, Paged, done, useQuestion } from "../parts.js";
import { language, t } from "../words.js";

const FIELDS = /** @type {const} */ (["phone", "email", "state", "from", "to"]);

/** @param {{capture: import("../api.js").Capture}} props who it was, hidden until asked for */
const Guest = ({ capture: { phone, email } }) => {
  const [shown, show] = useState(false);
  if (!phone && !email) return html`<span class="hint">${t().noGuest}</span>`;
  return html`<span class="guest">${phone && html`<span>${shown ? phone : masked(phone)}</span>`}
    ${email && html`<span>${shown ? email : maskedEmail(email)}</span>`}
    ${!shown && html`<button type="button" class="link" onClick=${() => show(true)}>${t().reveal}</button>`}</span>`;
};

/** @param {{query: URLSearchParams}} props */
export function Captures({ query }) {
  const [question, ask, close] = useQuestion();
  const filters = Object.fromEntries(FIELDS.map((name) => [name, query.get(name)]));
  /** @param {string} id @param {() => void} again */
  const retry = async (id, again) => {
    const path = `/admin/captures/${id}/retry`;
    await done(/** @type {ReturnType<typeof api.call<{due: number}>>} */ (api.call("POST", path)), ({ due }) => t().retried(due));
    again();
  };
  /** @param {string} id @param {() => void} again */
  const erase = (id, again) => ask({
    title: t().eraseAsk, more: t().eraseMore, action: t().erase,
    act: async () => {
      await done(api.call("DELETE", `/admin/captures/${id}`), t().erased);
      again();
    },
  });
  return html`
    <${Filters} view="captures" active=${FIELDS.some((name) => query.has(name))} key=${query.toString()}>
      <${Field} label=${t().phone}><input name="phone" type="tel" autocomplete="off" defaultValue=${filters["phone"] ?? ""} /><//>
      <${Field} label=${t().email}><input name="email" type="email" autocomplete="off" defaultValue=${filters["email"] ?? ""} /><//>
      <${Choice} name="state" label=${t().state} value=${filters["state"] ?? null} options=${t().states} />
      <${Field} label=${t().from}><input name="from" type="date" defaultValue=${filters["from"] ?? ""} /><//>
      <${Field} label=${t().to}><input name="to" type="date" defaultValue=${filters["to"] ?? ""} /><//>
    <//>
    <${Paged} path="/admin/captures" filters=${{ ...filters, from: dayBegins(filters["from"]), to: dayBegins(filters["to"], 1) }} empty=${t().empty.captures}
      row=${(/** @type {import("../api.js").Capture} */ one, /** @type {() => void} */ again) => html`<li key=${one.id} class="row">
        <div class="what"><strong>${moment(one.created_at, language.value)}</strong><${Guest} capture=${one} />
          <span class="hint">${t().dimensions(one.width, one.height)} · ${size(one.file_size, language.value)}</span></div>
        <${Deliveries} deliveries=${one.deliveries} />
        <div class="actions">
          <a class="button plain" href=${one.photo_remote_url ?? one.download_url} target="_blank" rel="noopener noreferrer">${t().openPhoto}</a>
          ${one.deliveries.some(({ state }) => state !== "delivered") && html`<${Button} onTap=${() => retry(one.id, again)}>${t().retry}<//>`}
          <${Button} look="danger" onTap=${() => erase(one.id, again)}>${t().erase}<//></div>
      </li>`} />
    <${Confirm} question=${question} close=${close} />`;
}
