// @ts-check
/** What the guest leaves with: the QR code, what became of the SMS, a good-bye. */
import { html, useState } from "../../vendor/ui.js";
import { qrAddress } from "../api.js";
import { sentence, typeset } from "../messages.js";
import { Button, Icon, PhotoPrint, Screen } from "./parts.js";
import { Strip } from "./strip.js";

/** @typedef {import("./parts.js").ScreenProps} ScreenProps
 * @typedef {import("../model.js").Visit} Visit
 * @typedef {import("../model.js").Kept} Kept */

const RETRY_MS = 1500;

/** The code, asked for again while the appliance does not answer.
 * @param {{token: string, alt: string}} props */
function QrCode({ token, alt }) {
  const [attempt, again] = useState(0);
  return html`<img class="qr" key=${attempt} src="${qrAddress(token)}#${attempt}" alt=${alt}
    draggable=${false} onError=${() => setTimeout(() => again(attempt + 1), RETRY_MS)} />`;
}

/** @param {{visit: Kept, t: ScreenProps["t"]}} props */
const Gift = ({ visit, t }) => html`
  <div class="gift">
    <div class="card"><${QrCode} token=${visit.capture.token} alt=${t.qr} /></div>
    <div class="memory"><${PhotoPrint} photo=${visit.photo} background=${visit.background} alt=${t.photo} /></div>
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
        ${t.smsTo(visit.masked)}</p>
      <div class="actions" key=${String(refused)}>
        <${Button} look=${refused ? "plain" : "main"} onTap=${() => say({ type: "done" })}>${t.finish}<//>
        ${refused && html`
          <${Button} look="main" onTap=${() => say({ type: "correct" })}>${t.correctNumber}<//>`}
      </div>
    <//>`;
}

/** @param {ScreenProps} props */
export function Thanks({ model, t, say }) {
  const own = model.language === model.config?.language && model.config.success_message;
  return html`
    <${Screen} at="thanks" title=${t.thanks} lead=${own ? typeset(own, model.language) : t.thanksMore} hero=${html`<${Strip} />`}>
      <div class="actions">
        <${Button} onTap=${() => say({ type: "wipe" })}>${t.finish}<//>
      </div>
    <//>`;
}
