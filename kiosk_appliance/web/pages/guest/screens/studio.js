// @ts-check
/** In front of the camera: the backdrop, the live mirror, the countdown. */
import { html, useLayoutEffect, useRef, useState } from "../../vendor/ui.js";
import { local } from "../api.js";
import { coarse, shape, show, stream } from "../camera.js";
import { called, sentence } from "../messages.js";
import { cutsOut } from "../model.js";
import { Cut } from "./cutting.js";
import { Button, Icon, Print, Screen } from "./parts.js";

/** @typedef {import("./parts.js").ScreenProps} ScreenProps
 * @typedef {import("../model.js").Background} Background
 * @typedef {import("../model.js").Visit} Visit */

/** Tiles that fit every screen without scrolling; "no backdrop" is one of them. */
const TILES = 6;

/** @param {{label: string}} props */
function Mirror({ label }) {
  const video = useRef(/** @type {HTMLVideoElement | null} */ (null));
  const live = stream.value;
  useLayoutEffect(() => {
    show(video.current);
    return () => show(null);
  }, [live]);
  return html`<video ref=${video} class="picture mirror" aria-label=${label} autoplay muted playsinline />`;
}

/** No picture: why, what the staff can do, and another try.
 * @param {ScreenProps} props */
function CameraTrouble({ model: { camera }, t, say }) {
  const hero = html`<div class="blind"><${Icon} name="blind" /></div>`;
  return html`
    <${Screen} at="choose" title=${sentence(t.cameraTitle, camera)} lead=${sentence(t.cameraHelp, camera)}
      hero=${hero}>
      <div class="actions">
        <${Button} icon="close" onTap=${() => say({ type: "wipe" })}>${t.leave}<//>
        <${Button} look="main" onTap=${() => say({ type: "retryCamera" })}>${t.retry}<//>
      </div>
    <//>`;
}

/** @param {{background: Background | null, chosen: boolean, name: string, onTap: () => void}} props */
const Tile = ({ background, chosen, name, onTap }) => html`
  <button type="button" class="tile" aria-pressed=${chosen} onClick=${onTap}>
    <span class="thumb">
      ${background
        ? html`<img src=${local(background.thumbnail_url)} alt="" draggable=${false} />`
        : html`<img class="bare" src="/static/guest/sitter.svg" alt="" draggable=${false} />`}
    </span>
    <span class="name">${name}</span>
  </button>`;

/** @param {ScreenProps & {chosen: Background | null}} props */
function Tiles({ model: { backgrounds }, t, say, chosen }) {
  /** @type {(Background | null)[]} */
  const all = [null, ...backgrounds];
  // Whoever comes back finds what she has chosen.
  const [page, turn] = useState(() =>
    Math.max(0, Math.floor(all.findIndex((one) => one?.id === chosen?.id) / TILES)));
  const tiles = useRef(/** @type {HTMLElement | null} */ (null));
  const begun = useRef(false);
  // The arrow that was pressed may be off now: the focus goes to what it brought.
  useLayoutEffect(() => {
    if (begun.current) tiles.current?.querySelector("button")?.focus();
    begun.current = true;
  }, [page]);
  const pages = Math.ceil(all.length / TILES);
  const shown = all.slice(page * TILES, page * TILES + TILES);
  const arrow = (/** @type {"left" | "right"} */ icon, /** @type {string} */ label, /** @type {number} */ to) => html`
    <button type="button" class="arrow" aria-label=${label} disabled=${to < 0 || to >= pages}
      onClick=${() => turn(to)}><${Icon} name=${icon} /></button>`;
  return html`
    <div class="shelf" role="group" aria-label=${t.backgrounds}>
      ${pages > 1 && arrow("left", t.previousPage, page - 1)}
      <div ref=${tiles} class="tiles" data-count=${shown.length}>
        ${shown.map(
          (background) => html`<${Tile} key=${background?.id ?? ""} background=${background}
            name=${background ? called(t.given, background.name) : t.noBackground} chosen=${background?.id === chosen?.id}
            onTap=${() => say({ type: "choose", background })} />`,
        )}
      </div>
      ${pages > 1 && arrow("right", t.nextPage, page + 1)}
    </div>`;
}

/** @param {ScreenProps & {visit: Extract<Visit, {at: "choose" | "countdown" | "shooting"}>}} props */
export function Studio(props) {
  const { model, t, say, visit } = props;
  const choosing = visit.at === "choose";
  if (model.camera in t.cameraTitle) return html`<${CameraTrouble} ...${props} />`;
  const hero = html`
    <${Print} background=${visit.background} shape=${shape()}>
      <${Mirror} label=${t.preview} />
      ${visit.background && cutsOut(visit.background) && visit.at !== "shooting" && model.camera === "on" && html`
        <${Cut} key=${`${visit.background.id} ${model.server}`} background=${local(visit.background.file_url)}
          nearer=${t.comeNearer} ending=${visit.at === "countdown" && visit.left === 1} />`}
      ${model.camera !== "on" && html`<p class="veil">${t.cameraOpening}</p>`}
      ${choosing && model.camera === "on" && coarse() && html`<p class="caption">${t.cameraCoarse}</p>`}
    <//>`;
  const title = { choose: t.choose, countdown: t.look, shooting: t.smile }[visit.at];
  return html`
    <${Screen} at=${visit.at} title=${title} hero=${hero}>
      ${choosing
        ? html`
          <${Tiles} ...${props} chosen=${visit.background} />
          <div class="actions">
            <${Button} icon="close" onTap=${() => say({ type: "wipe" })}>${t.leave}<//>
            <${Button} look="main" disabled=${model.camera !== "on"}
              onTap=${() => say({ type: "shoot" })}>${t.shoot}<//>
          </div>`
        : html`
          <div class="count" aria-hidden="true">
            <${Icon} name="up" />
            ${visit.at === "countdown" && html`<span key=${visit.left} class="number">${visit.left}</span>`}
          </div>
          <div class="actions">
            <${Button} icon="close" disabled=${visit.at === "shooting"}
              onTap=${() => say({ type: "cancel" })}>${t.cancel}<//>
          </div>`}
    <//>
    ${visit.at === "countdown" && visit.left === 1 && html`<div class="flash rising"></div>`}
    ${visit.at === "shooting" && html`<div class="flash"></div>`}`;
}
