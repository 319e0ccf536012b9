// @ts-check
/**
 * The small network in this browser, on its GPU: MediaPipe's package behind one function, fetched
 * from the appliance when first wanted. Knows no page.
 */

/** Of the frames that it is given, in pixels. */
const SIDE = 256;
const FOLDER = "/static/vendor/segmentation/";

/** @typedef {{find: (frame: OffscreenCanvas) => Promise<CanvasImageSource | null>,
 *   forget: () => Promise<void>}} Segmenter `find` gives a picture that is as opaque as people are;
 *   `forget` leaves nothing of them on the GPU, where the last frame would lie until the next
 * @typedef {{setOptions: (options: {modelSelection: number}) => void, initialize: () => Promise<void>,
 *   onResults: (listener: (results: {segmentationMask: CanvasImageSource}) => void) => void,
 *   send: (inputs: {image: OffscreenCanvas}) => Promise<void>}} Package what we use of it */

/** @param {string} address @returns {Promise<void>} */
function script(address) {
  return new Promise((resolve, reject) => {
    const element = document.createElement("script");
    element.src = address;
    element.addEventListener("load", () => resolve());
    element.addEventListener("error", () => reject(new Error(`${address} can't be loaded`)));
    document.head.append(element);
  });
}

/** @returns {Promise<Segmenter>} rejects where this browser can't */
export async function segmenter() {
  await script(`${FOLDER}selfie_segmentation.js`);
  const { SelfieSegmentation } =
    /** @type {{SelfieSegmentation: new (where: {locateFile: (name: string) => string}) => Package}} */ (
      /** @type {unknown} */ (globalThis));
  const network = new SelfieSegmentation({ locateFile: (name) => FOLDER + name });
  network.setOptions({ modelSelection: 0 });
  /** @type {CanvasImageSource | null} */
  let seen = null;
  network.onResults(({ segmentationMask }) => {
    seen = segmentationMask;
  });
  await network.initialize();
  // One at a time: a frame that is forgotten must not come behind the blank one.
  let last = Promise.resolve();
  const send = (/** @type {OffscreenCanvas} */ image) => {
    seen = null;
    const sent = last.then(() => network.send({ image }));
    last = sent.catch(() => {});
    return sent;
  };
  return {
    find: async (frame) => {
      await send(frame);
      return seen;
    },
    forget: async () => {
      const blank = new OffscreenCanvas(SIDE, SIDE);
      blank.getContext("2d");
      await send(blank);
      seen = null;
    },
  };
}
