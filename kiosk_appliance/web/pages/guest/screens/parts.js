// @ts-check
/** The few pieces every screen is made of. */
import { html, signal, useLayoutEffect, useRef, useState } from "../../vendor/ui.js";
import { file, local } from "../api.js";
import { front } from "../layers.js";
import { cutsOut, unmade } from "../model.js";
import { repeat } from "../pace.js";

/** @typedef {import("../model.js").Model} Model
 * @typedef {import("../model.js").Event} Event
 * @typedef {import("../model.js").Background} Background
 * @typedef {import("../model.js").Photo} Photo
 * @typedef {import("../messages.fr.js").Messages} Messages
 * @typedef {(event: Event) => void} Say
 * @typedef {{model: Model, t: Messages, say: Say}} ScreenProps
 * @typedef {import("preact").ComponentChildren} Children */

const AGAIN_MS = 1000;

/** Shapes of the frames seen so far, by address: a frame gives the photo its proportions. */
const shapes = signal(/** @type {Record<string, number>} */ ({}));

/** Stroke paths on a 24 by 24 grid. */
const ICONS = {
  close: "M6 6l12 12M18 6L6 18",
  up: "M12 20V5M5 12l7-7 7 7",
  left: "M15 5l-7 7 7 7",
  right: "M9 5l7 7-7 7",
  erase: "M9 6h10a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H9l-6-6zM12 10l4 4M16 10l-4 4",
  blind: "M4 8h4l2-3h4l2 3h4v11H4zM9 13a3 3 0 1 0 6 0a3 3 0 1 0-6 0M3 3l18 18",
  check: "M5 12.5l5 5L19 7.5",
  camera: "M4 8h4l2-3h4l2 3h4v11H4zM9 13a3 3 0 1 0 6 0a3 3 0 1 0-6 0",
  people: "M5.5 8a3 3 0 1 0 6 0a3 3 0 1 0-6 0M2.5 20c0-4 2-6 6-6s6 2 6 6M15 12.5a2.3 2.3 0 1 0 4.6 0a2.3 2.3 0 1 0-4.6 0M17 17.2c3 0 4.5 1 4.5 3",
  globe: "M3 12a9 9 0 1 0 18 0a9 9 0 1 0-18 0M3 12h18M12 3c3 3 3 15 0 18c-3-3-3-15 0-18",
  contrast: "M3 12a9 9 0 1 0 18 0a9 9 0 1 0-18 0M12 3v18M12 6c8 0 8 12 0 12M12 9c4 0 4 6 0 6",
  low: "M8.4 3.6a1.6 1.6 0 1 0 3.2 0a1.6 1.6 0 1 0-3.2 0M10 8v7h6l3 5M10 11h5M7.2 12.2a5 5 0 1 0 6.8 6.6",
  sound: "M4 9v6h4l5 4V5L8 9zM16.5 8.5c2 2 2 5 0 7M19 6c3.5 3.5 3.5 8.5 0 12",
  mute: "M4 9v6h4l5 4V5L8 9zM16.5 9.5l5 5M21.5 9.5l-5 5",
  message: "M4 5h16v11H11l-5 4v-4H4z",
};

/** @param {{name: keyof typeof ICONS}} props */
export const Icon = ({ name }) =>
  html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${ICONS[name]} /></svg>`;

/**
 * One state of the page: a title that receives the focus, the hero, and what can be done.
 * @param {{at: string, title: string, lead?: Children, hero?: Children, children?: Children,
 *   logo?: boolean}} props
 */
export function Screen({ at, title, lead, hero, logo = false, children }) {
  const heading = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => heading.current?.focus({ preventScroll: true }), [at]);
  return html`
    <main class="screen" data-state=${at}>
      <header class="title">
        ${logo && html`<img class="logo" src="/guest/logo" alt="" draggable=${false} />`}
        <h1 ref=${heading} tabindex="-1">${title}</h1>
        ${lead && html`<p class="lead">${lead}</p>`}
      </header>
      ${hero && html`<div class="hero">${hero}</div>`}
      <div class="panel" key=${at}>${children}</div>
    </main>`;
}

/** For a dialog that is open as long as it is there: closed, it gives the focus back to where it was. */
export function useModal() {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return dialog;
}

/**
 * @param {{look?: "main" | "plain" | "quiet", onTap: () => void, icon?: keyof typeof ICONS,
 *   disabled?: boolean, children?: Children}} props
 */
export const Button = ({ look = "plain", onTap, icon, disabled = false, children }) => html`
  <button type="button" class="button ${look}" disabled=${disabled} onClick=${onTap}>
    ${icon && html`<${Icon} name=${icon} />`}<span>${children}</span>
  </button>`;

/** @param {Background | null} background @returns {string | null} the picture laid over the photo */
const overlay = (background) => (background?.mode === "frame" ? local(background.file_url) : null);

/** @param {Background | null} background @returns {string | null} the picture behind the guest */
const backdrop = (background) => (background && cutsOut(background) ? local(background.file_url) : null);

/** @param {string} address @param {EventTarget | null} image */
function learn(address, image) {
  if (!(image instanceof HTMLImageElement) || shapes.value[address]) return;
  shapes.value = { ...shapes.value, [address]: image.naturalWidth / image.naturalHeight };
}

/** What stands before the guest, if anything does. @param {{background: string}} props its address */
function Front({ background }) {
  const [url, show] = useState(/** @type {string | null} */ (null));
  useLayoutEffect(() => {
    const end = new AbortController();
    void repeat(AGAIN_MS, end.signal, async () => {
      const bytes = await file(background, end.signal);
      if (!bytes || end.signal.aborted) return false;
      const layer = front(bytes);
      if (!layer) return true;
      const made = URL.createObjectURL(layer);
      end.signal.addEventListener("abort", () => URL.revokeObjectURL(made), { once: true });
      show(made);
      return true;
    });
    return () => end.abort();
  }, []);
  return url && html`<img class="picture front" src=${url} alt="" draggable=${false} />`;
}

/**
 * A print as the guest will get it: the picture fills the frame's shape, the frame lies over it.
 * @param {{background: Background | null, shape: number, children?: Children}} props
 */
export function Print({ background, shape, children }) {
  const frame = overlay(background);
  const behind = backdrop(background);
  const given = frame ?? behind;
  const ratio = (given && shapes.value[given]) || shape;
  return html`
    <div class="print" style=${{ "--ratio": String(ratio) }}>
      ${behind && html`<img class="picture behind" key=${behind} src=${behind} alt="" draggable=${false}
        onLoad=${(/** @type {globalThis.Event} */ event) => learn(behind, event.target)} />`}
      ${children}
      ${behind && html`<${Front} key=${behind} background=${behind} />`}
      ${frame && html`<img class="frame" key=${frame} src=${frame} alt="" draggable=${false}
        onLoad=${(/** @type {globalThis.Event} */ event) => learn(frame, event.target)} />`}
    </div>`;
}

/** A canvas that is gone keeps its picture until somebody collects it. @param {HTMLCanvasElement | null} canvas */
export function empty(canvas) {
  if (canvas) canvas.width = 0;
}

/** The photo as it was taken. @param {{photo: Photo, alt: string}} props */
function Still({ photo, alt }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  useLayoutEffect(() => {
    const drawn = canvas.current;
    drawn?.getContext("2d", { alpha: false })?.drawImage(photo.still, 0, 0);
    return () => empty(drawn);
  }, []);
  return html`<canvas ref=${canvas} class="picture taken" role="img" aria-label=${alt}
    width=${photo.width} height=${photo.height} />`;
}

export const Working = () => html`<div class="working" aria-hidden="true"><i></i><i></i><i></i></div>`;

/** What the guest gets: her photo under its frame, or the picture that the appliance makes of it.
 * What is `unseen` is not drawn: the appliance, which makes that picture, may need the processor.
 * @param {{visit: import("../model.js").Shot | import("../model.js").Kept, alt: string,
 *   unseen?: boolean}} props */
export function PhotoPrint({ visit, alt, unseen = false }) {
  const { photo, background } = visit;
  const { made } = photo;
  if (background && cutsOut(background) && made) {
    return html`<${Print} background=${null} shape=${made.width / made.height}>
      <img class="picture taken" src=${made.url} alt=${alt} draggable=${false} />
    <//>`;
  }
  if (unseen) return html`<${Print} background=${null} shape=${photo.width / photo.height} />`;
  const waits = unmade(visit) !== null;
  return html`
    <${Print} background=${waits || background?.mode === "frame" ? background : null} shape=${photo.width / photo.height}>
      ${waits ? html`<${Working} />` : html`<${Still} key=${photo.key} photo=${photo} alt=${alt} />`}
    <//>`;
}
