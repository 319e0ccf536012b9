// @ts-check
/** What the guest leaves with: the QR code, what became of the SMS, a good-bye. */
import { html } from "../../vendor/ui.js";
import { sentence, typeset } from "../messages.js";
import { masked } from "../phone.js";
import { Button, Icon, PhotoPrint, Screen } from "./parts.js";
import { Strip } from "./strip.js";

/** @typedef {import("./parts.js").ScreenProps} ScreenProps
 * @typedef {import("../model.js").Visit} Visit
 * @typedef {import("../model.js").Kept} Kept */

/** @param {{visit: Kept, t: ScreenProps["t"]}} props */
const Gift = ({ visit, t }) => html`
  <div class="gift">
    <div class="card">${visit.code
      ? html`<img class="qr" src=${visit.code} alt=${t.qr} draggable=${false} />`
      : html`<div class="qr drawing"></div>`}</div>
    <div class="memory"><${PhotoPrint} visit=${visit} alt=${t.photo} /></div>
  </div>`;

/** @param {ScreenProps & {visit: Extract<Visit, {at: "ready"}>}} props */
export function Ready({ model, t, say, visit }) {
  const lead = html`${t.scan} ${t.link[visit.link]}`;
  return html`
    <${Screen} at="ready" title=${t.ready} lead=${lead} hero=${html`<${Gift} visit=${visit} t=${t} />`}>
      ${visit.notice && html`<p class="refusal">${sentence(t.smsProblems, visit.notice)}</p>`}
      <div class="actions">
        <${Button} onTap=${() => say({ type: "done" })}>${t.finish}<//>
        ${model.config?.sms && !visit.notice && html`
          <${Button} look="main" icon="message" onTap=${() => say({ type: "dial" })}>${t.bySms}<//>`}
      </div>
    <//>`;
}

/** @param {ScreenProps & {visit: Extract<Visit, {at: "result"}>}} props */
export function Result({ t, say, visit }) {
  // Other actions are new ones: they too wait a moment for the first touch.
  const refused = visit.sms === "refused";
  return html`
    <${Screen} at="result" title=${t.sms[visit.sms]} lead=${t.smsMore[visit.sms]}
      hero=${html`<${Gift} visit=${visit} t=${t} />`}>
      <p class="sms" data-sms=${visit.sms}><${Icon} name=${visit.sms === "sent" ? "check" : "message"} />
        ${t.smsTo(masked(visit.digits, visit.country))}</p>
      <div class="actions" key=${String(refused)}>
        <${Button} look=${refused ? "plain" : "main"} onTap=${() => say({ type: "done" })}>${t.finish}<//>
        ${refused && html`
          <${Button} look="main" onTap=${() => say({ type: "correct" })}>${t.correctNumber}<//>`}
      </div>
    <//>`;
}

/** @param {ScreenProps} props */
export function Thanks({ model: { config, language }, t, say }) {
  const own = language === config?.language && config.success_message;
  const hero = config?.review
    ? html`<div class="card"><img class="qr" src="/guest/review.svg" alt=${t.reviewQr} draggable=${false} /></div>`
    : html`<${Strip} />`;
  return html`
    <${Screen} at="thanks" title=${t.thanks} lead=${own ? typeset(own, language) : t.thanksMore} hero=${hero}>
      ${config?.review && html`<p class="ask">${t.askReview}</p>`}
      <div class="actions">
        <${Button} onTap=${() => say({ type: "wipe" })}>${t.finish}<//>
      </div>
    <//>`;
}
