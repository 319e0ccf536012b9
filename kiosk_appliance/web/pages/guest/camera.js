// @ts-check
/**
 * The camera: opens it as large as it goes, hands its stream to the preview, takes a frame. Knows
 * nothing of the guest's steps. The photo is the frame as the lens sees it; only the preview is a
 * mirror.
 */
import { signal } from "../vendor/ui.js";

/** @typedef {import("./model.js").Camera} Camera
 * @typedef {import("./model.js").Photo} Photo */

/** JPEG quality: the appliance encodes once more, so the first loss stays invisible. */
const QUALITY = 0.92;

/** @type {MediaTrackConstraints} `ideal` never fails: the nearest the camera has is taken */
const WISH = {
  width: { ideal: 3840 },
  height: { ideal: 2160 },
  frameRate: { ideal: 30 },
  facingMode: { ideal: "user" },
};

/** @type {Record<string, Camera>} error names of getUserMedia (Media Capture and Streams) */
const CAUSES = {
  NotAllowedError: "refused",
  SecurityError: "refused",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
  AbortError: "busy",
};

/** The stream that the preview shows; null while the camera is off. */
export const stream = signal(/** @type {MediaStream | null} */ (null));

/** Width by height of the picture the camera gives. */
export const shape = signal(16 / 9);

/** @type {HTMLVideoElement | null} */
let preview = null;

/** @param {HTMLVideoElement | null} video the preview on screen, whose frames are taken */
export function show(video) {
  preview = video;
  if (video && video.srcObject !== stream.value) video.srcObject = stream.value;
}

/**
 * Keeps the camera open until the signal is aborted.
 * @param {AbortSignal} until @param {(camera: Camera) => void} report
 */
export async function open(until, report) {
  /** @type {MediaStream} */
  let opened;
  try {
    if (!navigator.mediaDevices) throw new DOMException("no camera interface", "NotFoundError");
    opened = await navigator.mediaDevices.getUserMedia({ video: WISH, audio: false });
  } catch (error) {
    if (!until.aborted) report(CAUSES[error instanceof Error ? error.name : ""] ?? "missing");
    return;
  }
  const close = () => {
    for (const track of opened.getTracks()) track.stop();
    if (stream.value === opened) stream.value = null;
  };
  if (until.aborted) return close();
  until.addEventListener("abort", close, { once: true });
  const track = opened.getVideoTracks()[0];
  track?.addEventListener("ended", () => {
    close();
    if (!until.aborted) report("lost");
  }, { once: true });
  stream.value = opened;
  const { width, height } = track?.getSettings() ?? {};
  if (width && height) shape.value = width / height;
  return report("on");
}

/** @param {HTMLVideoElement} video @param {number} limit_ms @returns {Promise<void>} at its next
 * frame, or at the limit: a stalled camera must not hold the guest */
function nextFrame(video, limit_ms) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, limit_ms);
    video.requestVideoFrameCallback(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** @returns {Promise<Photo | null>} null: the camera gives no picture */
export async function take() {
  const video = preview;
  if (!video) return null;
  await nextFrame(video, 1000);
  const { videoWidth: width, videoHeight: height } = video;
  if (!width || !height) return null;
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d", { alpha: false })?.drawImage(video, 0, 0);
  /** @type {Blob | null} */
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  canvas.width = 0; // gives the pixels back now, not at the next collection
  return blob && { blob, url: URL.createObjectURL(blob), width, height };
}
