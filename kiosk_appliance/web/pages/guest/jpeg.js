// @ts-check
/**
 * A frame as JPEG: by a worker of its own, where the page's drawing does not hold it up, else by the
 * page itself. Knows no camera.
 */

/** The worker takes a fraction of it; one that says nothing for so long is stuck. */
const PATIENCE_MS = 3000;

/** @type {Worker | null} */
let worker = null;
let asked = 0;

/** Has the worker there before it is needed; one that could not be loaded is asked for again. */
export function readyJpeg() {
  if (worker) return;
  const made = new Worker(new URL("jpeg.worker.js", import.meta.url));
  made.addEventListener("error", () => {
    if (worker === made) worker = null;
  });
  worker = made;
}

/** @param {HTMLCanvasElement} still @param {number} quality @returns {Promise<Blob | null>} */
const here = (still, quality) => new Promise((resolve) => still.toBlob(resolve, "image/jpeg", quality));

/**
 * @param {ImageBitmap} frame given away @param {HTMLCanvasElement} still the same, for want of a worker
 * @param {number} quality 0 to 1 @returns {Promise<Blob | null>} null: it can't be encoded
 */
export async function jpegOf(frame, still, quality) {
  const by = worker;
  if (!by) {
    frame.close();
    return here(still, quality);
  }
  asked += 1;
  const nth = asked;
  const end = new AbortController();
  /** @type {Promise<Blob | null>} */
  const there = new Promise((resolve) => {
    const { signal } = end;
    by.addEventListener("message", ({ data }) => data.nth === nth && resolve(data.jpeg), { signal });
    by.addEventListener("error", () => resolve(null), { signal });
    const timer = setTimeout(() => resolve(null), PATIENCE_MS);
    signal.addEventListener("abort", () => clearTimeout(timer));
    by.postMessage({ nth, frame, quality }, [frame]);
  });
  const made = await there;
  end.abort();
  return made ?? here(still, quality);
}
