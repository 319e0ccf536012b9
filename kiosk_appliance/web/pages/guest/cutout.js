// @ts-check
/**
 * The guest without what is behind her, standing where her photo will have her, as in a mirror. Owns
 * the drawing; who is where on a frame is told by a mask source, whichever that is. Knows no state.
 */
import { eased, mirrored, place } from "./placing.js";

/** @typedef {import("./masks.js").MaskSource} MaskSource
 * @typedef {{place: import("./placing.js").Place, canvas: import("./placing.js").Size, at: number,
 *   faces: [number, number] | null}} Stand where she stood when she was last drawn; `faces`: to which row
 *   of the canvas people's faces may reach, and below which there is none
 * @typedef {{source: CanvasImageSource, width: number, height: number}} Frame */

const SIDE = 256;
/** Of people's height from the top, as in the appliance's `imaging/cut.py`. */
const NO_FACE = { from: 0.6, below: 0.75 };
/** Wider than it is shown on a kiosk's screen it would only cost time. */
const WIDEST = 960;

/** @param {number} width @param {number} height */
function surface(width, height) {
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) throw new Error("no canvas");
  return { canvas, pen };
}

/** @param {HTMLCanvasElement} target @param {import("./placing.js").Size} otherwise
 * @returns {import("./placing.js").Size} of a canvas of its shape on the screen */
function shapeOf({ clientWidth, clientHeight }, otherwise) {
  if (!clientWidth || !clientHeight) return otherwise;
  const scale = Math.min(1, WIDEST / Math.max(clientWidth, clientHeight));
  return { width: Math.round(clientWidth * scale), height: Math.round(clientHeight * scale) };
}

/**
 * Draws one frame, transparent where nobody is.
 * @param {Frame} frame @param {HTMLCanvasElement} target of the backdrop's shape
 * @param {import("./placing.js").Zone} zone where on it people look well
 * @param {Stand | null} before @param {MaskSource} masks @param {AbortSignal} until
 * @returns {Promise<Stand | null>} null: nothing was drawn
 */
export async function cutOut({ source, width, height }, target, zone, before, masks, until) {
  const scale = Math.min(1, WIDEST / width);
  // The very frame that the mask belongs to: the next one has moved on when the mask comes.
  const still = surface(Math.round(width * scale), Math.round(height * scale));
  still.pen.drawImage(source, 0, 0, still.canvas.width, still.canvas.height);
  const small = surface(SIDE, SIDE);
  small.pen.drawImage(still.canvas, 0, 0, SIDE, SIDE);
  const mask = await masks(small.canvas, until);
  if (!mask || until.aborted) return null;
  still.pen.globalCompositeOperation = "destination-in";
  still.pen.drawImage(mask.picture, 0, 0, still.canvas.width, still.canvas.height);
  const canvas = shapeOf(target, still.canvas);
  const stand = standing(still.canvas, mask.people, canvas, zone, before);
  target.width = canvas.width;
  target.height = canvas.height;
  const pen = target.getContext("2d");
  pen?.translate(stand.place.x + stand.place.scale * still.canvas.width, stand.place.y);
  pen?.scale(-stand.place.scale, stand.place.scale);
  pen?.drawImage(still.canvas, 0, 0);
  return stand;
}

/**
 * Draws people's faces once more, to lie over what stands before her: her photo shows faces so.
 * @param {HTMLCanvasElement} drawn with `cutOut` @param {HTMLCanvasElement} over @param {Stand} stand
 */
export function drawFaces(drawn, over, { canvas, faces }) {
  over.width = canvas.width;
  over.height = canvas.height;
  const pen = over.getContext("2d");
  if (!pen || !faces) return;
  pen.drawImage(drawn, 0, 0);
  const [low, past] = faces;
  const fading = pen.createLinearGradient(0, low, 0, past);
  fading.addColorStop(0, "#000");
  fading.addColorStop(1, "#0000");
  pen.globalCompositeOperation = "destination-in";
  pen.fillStyle = fading;
  pen.fillRect(0, 0, canvas.width, canvas.height);
}

/** @param {import("./placing.js").Size} photo @param {import("./placing.js").Extent} people
 * @param {import("./placing.js").Place} place @returns {[number, number]} rows of the canvas */
function facesOf(photo, { top, bottom }, { scale, y }) {
  const row = (/** @type {number} */ share) => y + (top + share * (bottom - top)) * photo.height * scale;
  return [row(NO_FACE.from), row(NO_FACE.below)];
}

/** @param {import("./placing.js").Size} photo @param {import("./placing.js").Extent | null} people
 * @param {import("./placing.js").Size} canvas @param {import("./placing.js").Zone} zone
 * @param {Stand | null} before @returns {Stand} */
function standing(photo, people, canvas, zone, before) {
  const at = performance.now();
  // On a canvas of another shape she begins anew.
  const last = before?.canvas.width === canvas.width && before.canvas.height === canvas.height ? before : null;
  if (!people) return { place: last?.place ?? { scale: 1, x: 0, y: 0 }, canvas, at, faces: null };
  const wanted = place(photo, mirrored(people), canvas, zone);
  const placed = eased(last?.place ?? null, wanted, last ? at - last.at : 0);
  return { place: placed, canvas, at, faces: facesOf(photo, people, placed) };
}
