// @ts-check
/**
 * Who is where on a frame: told by this browser where its GPU can carry it, else by the appliance.
 * The address may say which (`?mask=browser` or `?mask=appliance`).
 */
import { signal } from "../vendor/ui.js";
import * as api from "./api.js";
import { doubts } from "./doubt.js";
import { extent } from "./placing.js";
import { segmenter } from "./segmenter.js";

/** @typedef {{picture: CanvasImageSource, people: import("./placing.js").Extent | null}} Mask `picture`
 *   is as opaque as people are; `people`: where, null for nobody
 * @typedef {(frame: OffscreenCanvas, until: AbortSignal) => Promise<Mask | null>} MaskSource takes a
 *   square frame; null: not now */

/** Who tells at present. */
export const toldBy = signal(/** @type {"appliance" | "browser"} */ ("appliance"));

/** What draws WebGL without a GPU. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;

/** @param {HTMLCanvasElement} canvas @returns {boolean} does a GPU draw on it? */
function hasGpu(canvas) {
  const gl = canvas.getContext("webgl2", { failIfMajorPerformanceCaveat: true });
  const names = gl?.getExtension("WEBGL_debug_renderer_info");
  return Boolean(gl && names && !SOFTWARE.test(String(gl.getParameter(names.UNMASKED_RENDERER_WEBGL))));
}

/** The appliance is faster than a GPU that takes longer. */
const SLOW_MS = 100;
/** So many frames tell; those before them, in which shaders are made, do not. */
const FIRST = 5;
const JUDGED = 10;

/** A mask is small, and its steps would be seen along her shoulders; drawn in a little, so that she
 * brings no rim of the room along. */
const SOFTENED = "blur(1px)";
const DRAWN_IN = { from: 96, gain: 1.6 };

/** @param {CanvasImageSource} mask @param {number} side @param {number} channel which says where people
 * are @returns {Mask} opaque there */
function opacity(mask, side, channel) {
  const canvas = new OffscreenCanvas(side, side);
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) throw new Error("no canvas");
  pen.filter = SOFTENED;
  pen.drawImage(mask, 0, 0, side, side);
  const pixels = pen.getImageData(0, 0, side, side);
  const { data } = pixels;
  for (let at = 0; at < data.length; at += 4) data[at + 3] = DRAWN_IN.gain * ((data[at + channel] ?? 0) - DRAWN_IN.from);
  pen.putImageData(pixels, 0, 0);
  return { picture: canvas, people: extent(data, side) };
}

/** @type {MaskSource} */
async function appliance(frame, until) {
  const mask = await api.mask(await frame.convertToBlob({ type: "image/jpeg", quality: 0.85 }), until);
  if (!mask) return null;
  const drawn = opacity(mask, frame.width, 0);
  mask.close();
  return drawn;
}

/** @type {MaskSource} */
let source = appliance;
let begun = false;
/** Leaves nothing of who was before the camera in this browser. */
let forget = () => {};
/** Held, so that nothing collects it with its listener. @type {HTMLCanvasElement | undefined} */
let probe;

/** Turns to this browser's own network once that is there, and back where it is slow or fails. */
async function begin() {
  const asked = new URLSearchParams(location.search).get("mask");
  if (asked === "appliance") return;
  probe = document.createElement("canvas");
  if (!hasGpu(probe) && asked !== "browser") return;
  const back = () => {
    source = appliance;
    toldBy.value = "appliance";
  };
  // A GPU that is reset takes every context along, also the network's.
  probe.addEventListener("webglcontextlost", back);
  try {
    const network = await segmenter();
    forget = () => void network.forget().catch(back);
    source = watched(network, back, asked === "browser" ? Infinity : SLOW_MS);
    toldBy.value = "browser";
  } catch {
    // The appliance goes on.
  }
}

/**
 * @param {import("./segmenter.js").Segmenter} network @param {() => void} back called where it fails,
 * is slower than `slow` ms, or finds nobody where the appliance does @param {number} slow
 * @returns {MaskSource}
 */
function watched(network, back, slow) {
  const doubted = doubts();
  let frames = 0;
  let took = 0;
  return async (frame, until) => {
    const from = performance.now();
    try {
      const found = await network.find(frame);
      const drawn = found && opacity(found, frame.width, 3);
      frames += 1;
      if (frames > FIRST) took += performance.now() - from;
      if (frames === FIRST + JUDGED && took > JUDGED * slow) back();
      if (!doubted(Boolean(drawn?.people))) return drawn;
    } catch {
      back();
      return null;
    }
    const other = await appliance(frame, until);
    if (other?.people) back();
    return other;
  };
}

/** @type {MaskSource} */
export function mask(frame, until) {
  if (!begun) {
    begun = true;
    void begin();
  }
  return source(frame, until);
}

/** The mirror is gone: nothing of the guest may lie here until the next one comes. */
export function close() {
  forget();
}
