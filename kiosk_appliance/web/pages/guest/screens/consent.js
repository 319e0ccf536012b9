// @ts-check
/** Before the camera: what becomes of photo and number, in three lines; the whole of it on request. */
import { html, useState } from "../../vendor/ui.js";
import { Button, Icon, Screen, useModal } from "./parts.js";

/** @typedef {import("./parts.js").ScreenProps} ScreenProps
 * @typedef {import("../model.js").Visit} Visit */

/** @param {ScreenProps & {onClose: () => void}} props */
function Whole({ model: { config }, t, onClose }) {
  const dialog = useModal();
  if (!config) return null;
  const days = config.retention_enabled ? config.retention_days : null;
  return html`
    <dialog ref=${dialog} class="sheet" aria-labelledby="whole-title" onCancel=${onClose}>
      <h2 id="whole-title">${t.wholeTitle}</h2>
      <div class="reading" tabindex="0" role="region" aria-labelledby="whole-title">
        ${t.whole(days, config.privacy_contact).map(([head, text]) => html`<h3>${head}</h3><p>${text}</p>`)}
      </div>
      <${Button} look="main" onTap=${onClose}>${t.close}<//>
    </dialog>`;
}

/** @param {ScreenProps & {visit: Extract<Visit, {at: "consent"}>}} props */
export function Consent(props) {
  const { model: { config }, t, say, visit } = props;
  const [reading, read] = useState(false);
  const days = config?.retention_enabled ? config.retention_days : null;
  const hero = html`
    <ul class="promises">
      <li><${Icon} name="camera" /><span>${t.promisePhoto(days)}</span></li>
      <li><${Icon} name="message" /><span>${t.promiseNumber}</span></li>
      <li><${Icon} name="people" /><span>${t.promiseYoung}</span></li>
    </ul>`;
  return html`
    <${Screen} at="consent" title=${t.consent} hero=${hero}>
      ${config?.marketing_opt_in && html`
        <button type="button" class="box" role="checkbox" aria-checked=${visit.marketing}
          onClick=${() => say({ type: "marketing", agreed: !visit.marketing })}>
          <span class="tick">${visit.marketing && html`<${Icon} name="check" />`}</span><span>${t.marketing}</span>
        </button>`}
      <div class="actions">
        <${Button} onTap=${() => say({ type: "wipe" })}>${t.refuse}<//>
        <${Button} look="main" icon="check" onTap=${() => say({ type: "accept" })}>${t.accept}<//>
      </div>
      <div class="actions aside">
        <${Button} look="quiet" onTap=${() => read(true)}>${t.more}<//>
      </div>
    <//>
    ${reading && html`<${Whole} ...${props} onClose=${() => read(false)} />`}`;
}
