// @ts-check
/** A frame in, its JPEG out, beside the page: there an encoder waits for every drawing to be done. */

self.addEventListener("message", async ({ data: { nth, frame, quality } }) => {
  const canvas = new OffscreenCanvas(frame.width, frame.height);
  const pen = canvas.getContext("bitmaprenderer");
  pen?.transferFromImageBitmap(frame);
  const jpeg = await canvas.convertToBlob({ type: "image/jpeg", quality }).catch(() => null);
  // Nothing of the guest stays here.
  pen?.transferFromImageBitmap(null);
  canvas.width = 0;
  self.postMessage({ nth, jpeg });
});
