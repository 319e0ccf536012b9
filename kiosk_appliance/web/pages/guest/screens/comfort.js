// @ts-check
/** The bar that every screen has: language, larger text, contrast, low reach, sound. */
import { html, useLayoutEffect, useState } from "../../vendor/ui.js";
import { LANGUAGES } from "../messages.js";
import { after } from "../pace.js";
import { Button, Icon, useModal } from "./parts.js";

/** @typedef {import("./parts.js").ScreenProps} ScreenProps
 * @typedef {import("../model.js").Comfort} Comfort */

/** @param {ScreenProps & {onTap?: () => void}} props `onTap`: in a dialog, whose title says what they are */
export const Languages = ({ model: { language }, t, say, onTap }) => html`
  <div class="languages" ...${onTap ? {} : { role: "group", "aria-label": t.chooseLanguage }}>
    ${Object.entries(LANGUAGES).map(
      ([code, { language: name }]) => html`
        <button type="button" class="chip" lang=${code} aria-pressed=${code === language}
          onClick=${() => {
            say({ type: "language", language: code });
            onTap?.();
          }}>${name}</button>`,
    )}
  </div>`;

/** Nobody has to choose: whoever finds a sheet that somebody has left must be able to begin. */
const LEFT_MS = 20_000;

/** Within that time a second tap belongs to the first. */
const TWICE_MS = 700;

/** @param {ScreenProps & {opened: number, onClose: () => void}} props `opened`: when, as events have it */
function Choice(props) {
  const { t, opened, onClose } = props;
  const dialog = useModal();
  useLayoutEffect(() => {
    const end = new AbortController();
    after(LEFT_MS, end.signal, onClose);
    return () => end.abort();
  }, []);
  const beside = (/** @type {MouseEvent} */ tap) =>
    tap.target === tap.currentTarget && tap.timeStamp - opened > TWICE_MS && onClose();
  return html`
    <dialog ref=${dialog} class="sheet" aria-labelledby="language-title" onCancel=${onClose} onClick=${beside}>
      <h2 id="language-title">${t.chooseLanguage}</h2>
      <${Languages} ...${props} onTap=${onClose} />
      <${Button} icon="close" onTap=${onClose}>${t.close}<//>
    </dialog>`;
}

/** @param {ScreenProps} props */
export function Bar(props) {
  const { model: { comfort, language }, t, say } = props;
  const [opened, choose] = useState(/** @type {number | null} */ (null));
  const open = (/** @type {Event} */ tap) => {
    say({ type: "cancel" }); // beneath the sheet a countdown would take a photo that nobody poses for
    choose(tap.timeStamp);
  };
  const set = (/** @type {Partial<Comfort>} */ change) => () => say({ type: "comfort", change });
  const larger = /** @type {Comfort["size"]} */ ((comfort.size + 1) % 3);
  return html`
    <aside class="comfort" aria-label=${t.comfort}>
      <button type="button" class="aid" aria-label="${language.toUpperCase()}, ${t.chooseLanguage}" onClick=${open}>
        <${Icon} name="globe" /><b aria-hidden="true">${language.toUpperCase()}</b></button>
      <button type="button" class="aid" aria-label=${t.textSize[comfort.size]} onClick=${set({ size: larger })}>
        <b class="size" data-size=${comfort.size} aria-hidden="true">A</b></button>
      <button type="button" class="aid" aria-label=${t.moreContrast} aria-pressed=${comfort.contrast}
        onClick=${set({ contrast: !comfort.contrast })}><${Icon} name="contrast" /></button>
      <button type="button" class="aid reach" aria-label=${t.lowReach} aria-pressed=${comfort.low}
        onClick=${set({ low: !comfort.low })}><${Icon} name="low" /></button>
      <button type="button" class="aid" aria-label=${t.sound} aria-pressed=${comfort.sound}
        onClick=${set({ sound: !comfort.sound })}><${Icon} name=${comfort.sound ? "sound" : "mute"} /></button>
    </aside>
    ${opened !== null && html`<${Choice} ...${props} opened=${opened} onClose=${() => choose(null)} />`}`;
}
