// @ts-check
/** The bar that every screen has: language, larger text, contrast, low reach, sound. */
import { html, useLayoutEffect, useRef, useState } from "../../vendor/ui.js";
import { LANGUAGES } from "../messages.js";
import { Icon } from "./parts.js";

/** @typedef {import("./parts.js").ScreenProps} ScreenProps
 * @typedef {import("../model.js").Comfort} Comfort */

/** @param {ScreenProps & {onTap?: () => void}} props */
export const Languages = ({ model: { language }, t, say, onTap }) => html`
  <div class="languages" role="group" aria-label=${t.chooseLanguage}>
    ${Object.entries(LANGUAGES).map(
      ([code, { language: name }]) => html`
        <button type="button" class="chip" lang=${code} aria-pressed=${code === language}
          onClick=${() => {
            say({ type: "language", language: code });
            onTap?.();
          }}>${name}</button>`,
    )}
  </div>`;

/** @param {ScreenProps & {onClose: () => void}} props */
function Choice(props) {
  const { t, onClose } = props;
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return html`
    <dialog ref=${dialog} class="sheet" aria-labelledby="language-title" onCancel=${onClose}>
      <h2 id="language-title">${t.chooseLanguage}</h2>
      <${Languages} ...${props} onTap=${onClose} />
    </dialog>`;
}

/** @param {ScreenProps} props */
export function Bar(props) {
  const { model: { comfort, language }, t, say } = props;
  const [choosing, choose] = useState(false);
  const set = (/** @type {Partial<Comfort>} */ change) => () => say({ type: "comfort", change });
  const larger = /** @type {Comfort["size"]} */ ((comfort.size + 1) % 3);
  return html`
    <aside class="comfort" aria-label=${t.comfort}>
      <button type="button" class="aid" aria-label="${language.toUpperCase()}, ${t.chooseLanguage}" onClick=${() => choose(true)}>
        <${Icon} name="globe" /><b aria-hidden="true">${language.toUpperCase()}</b></button>
      <button type="button" class="aid" aria-label=${t.textSize[comfort.size]} onClick=${set({ size: larger })}>
        <b class="size" aria-hidden="true">A<i>${"+".repeat(comfort.size)}</i></b></button>
      <button type="button" class="aid" aria-label=${t.moreContrast} aria-pressed=${comfort.contrast}
        onClick=${set({ contrast: !comfort.contrast })}><${Icon} name="contrast" /></button>
      <button type="button" class="aid reach" aria-label=${t.lowReach} aria-pressed=${comfort.low}
        onClick=${set({ low: !comfort.low })}><${Icon} name="low" /></button>
      <button type="button" class="aid" aria-label=${t.sound} aria-pressed=${comfort.sound}
        onClick=${set({ sound: !comfort.sound })}><${Icon} name=${comfort.sound ? "sound" : "mute"} /></button>
    </aside>
    ${choosing && html`<${Choice} ...${props} onClose=${() => choose(false)} />`}`;
}
