// @ts-check
/**
 * The guest without what is behind her, so that a backdrop can be. Owns the drawing; who is where on
 * a frame is told by a mask source, whichever that is. Knows no state and no background.
 */

/** @typedef {(frame: Blob, until: AbortSignal) => Promise<ImageBitmap | null>} MaskSource takes a
 *   square JPEG of `SIDE` pixels, gives a grey picture that is white where people are; null: not now
 * @typedef {{source: CanvasImageSource, width: number, height: number}} Frame */

export const SIDE = 256;
/** Wider than it is shown on a kiosk's screen it would only cost time. */
const WIDEST = 960;

/** @param {number} width @param {number} height */
function surface(width, height) {
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) throw new Error("no canvas");
  return { canvas, pen };
}

/** @param {ImageBitmap} mask @returns {OffscreenCanvas} as opaque as the mask is white */
function opacity(mask) {
  const { canvas, pen } = surface(mask.width, mask.height);
  pen.drawImage(mask, 0, 0);
  const pixels = pen.getImageData(0, 0, mask.width, mask.height);
  const { data } = pixels;
  for (let at = 0; at < data.length; at += 4) data[at + 3] = data[at] ?? 0;
  pen.putImageData(pixels, 0, 0);
  return canvas;
}

/**
 * Draws one frame, transparent where nobody is.
 * @param {Frame} frame @param {HTMLCanvasElement} target @param {MaskSource} masks
 * @param {AbortSignal} until @returns {Promise<boolean>} false: nothing was drawn
 */
export async function cutOut({ source, width, height }, target, masks, until) {
  const scale = Math.min(1, WIDEST / width);
  // The very frame that the mask belongs to: the next one has moved on when the mask comes.
  const still = surface(Math.round(width * scale), Math.round(height * scale));
  still.pen.drawImage(source, 0, 0, still.canvas.width, still.canvas.height);
  const small = surface(SIDE, SIDE);
  small.pen.drawImage(still.canvas, 0, 0, SIDE, SIDE);
  const mask = await masks(await small.canvas.convertToBlob({ type: "image/jpeg", quality: 0.85 }), until);
  if (!mask || until.aborted) return false;
  still.pen.globalCompositeOperation = "destination-in";
  still.pen.drawImage(opacity(mask), 0, 0, still.canvas.width, still.canvas.height);
  mask.close();
  target.width = still.canvas.width;
  target.height = still.canvas.height;
  target.getContext("2d")?.drawImage(still.canvas, 0, 0);
  return true;
}
