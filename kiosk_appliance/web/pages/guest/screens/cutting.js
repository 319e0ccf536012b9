// @ts-check
/** The guest before her backdrop, live from the mirror. */
import { html, useLayoutEffect, useRef, useState } from "../../vendor/ui.js";
import { file } from "../api.js";
import { cutOut, drawFaces } from "../cutout.js";
import { zone } from "../layers.js";
import { close, mask, toldBy } from "../masks.js";
import { growing, repeat } from "../pace.js";
import { EVERYWHERE } from "../placing.js";
import { empty } from "./parts.js";

/** @typedef {import("../cutout.js").Frame} Frame
 * @typedef {import("../cutout.js").Stand} Stand */

/** Between two masks, for whatever else the page does. */
const PAUSE_MS = 20;
/** Where there are no masks. */
const LONGEST_PAUSE_MS = 2000;
/** A mirror that stands still for so long, or shows nobody, is none: then she is seen as the camera sees
 * her. The networks miss whoever stands far off; her photo is looked at more closely. */
const STILL_MS = 3000;
const AGAIN_MS = 1000;
/** Into the countdown's last second: the screen turns white over a picture that stands still, and the
 * appliance has nothing to do but the photo when that comes. */
const REST_MS = 700;

/** @param {Element | null} source @returns {Frame | null} null while there is no picture in it */
function frameOf(source) {
  if (source instanceof HTMLVideoElement && source.videoWidth > 0) {
    return { source, width: source.videoWidth, height: source.videoHeight };
  }
  return null;
}

/** Lies over the video that it cuts out, and hides that once there is somebody to see.
 * @param {{background: string, ending: boolean, nearer: string}} props the backdrop's address: it says where on it people
 *   look well; `ending`: the countdown is in its last second; `nearer`: what to say where nobody is found */
export function Cut({ background, ending, nearer }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const faces = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const [seen, see] = useState(/** @type {"nothing" | "nobody" | "somebody"} */ ("nothing"));
  const rests = useRef(false);
  useLayoutEffect(() => {
    if (!ending) return undefined;
    const timer = setTimeout(() => (rests.current = true), REST_MS);
    return () => {
      clearTimeout(timer);
      rests.current = false;
    };
  }, [ending]);
  useLayoutEffect(() => {
    const drawn = [canvas.current, faces.current];
    const end = new AbortController();
    const pause = growing(PAUSE_MS, LONGEST_PAUSE_MS);
    let still = 0;
    let where = EVERYWHERE;
    /** @type {Stand | null} */
    let stand = null;
    void repeat(AGAIN_MS, end.signal, async () => {
      const bytes = await file(background, end.signal);
      if (bytes) where = zone(bytes);
      return bytes !== null;
    });
    void repeat(pause.ms, end.signal, async () => {
      const target = canvas.current;
      const frame = frameOf(target?.parentElement?.querySelector("video") ?? null);
      if (!target || !frame || rests.current) return false;
      const next = await cutOut(frame, target, where, stand, mask, end.signal);
      if (end.signal.aborted) return true;
      pause.tell(next !== null);
      if (!next) return false;
      stand = next;
      if (faces.current && target.parentElement?.querySelector(".front")) drawFaces(target, faces.current, next);
      if (!next.faces) {
        see((before) => (before === "somebody" ? before : "nobody"));
        return false;
      }
      see("somebody");
      clearTimeout(still);
      still = setTimeout(() => see("nothing"), STILL_MS);
      return false;
    });
    return () => {
      end.abort();
      clearTimeout(still);
      close();
      drawn.forEach(empty);
    };
  }, []);
  const drawn = seen === "somebody";
  return html`<canvas ref=${canvas} class="picture cut" data-drawn=${drawn}
    data-told-by=${toldBy.value} aria-hidden="true" />
    <canvas ref=${faces} class="picture faces" data-drawn=${drawn} aria-hidden="true" />
    ${seen === "nobody" && html`<p class="caption">${nearer}</p>`}`;
}
