// @ts-check
/**
 * The camera: opens it as large as it goes, hands its stream to the preview, takes a frame. Knows
 * nothing of the guest's steps. The photo is the frame as the lens sees it; only the preview is a
 * mirror.
 */
import { signal } from "../vendor/ui.js";
import { jpegOf, readyJpeg } from "./jpeg.js";
import { after, mark } from "./pace.js";

/** @typedef {import("./model.js").Camera} Camera
 * @typedef {import("./model.js").Photo} Photo */

/** A camera that says neither yes nor no for so long is stuck; one that wakes up still counts. */
const WAKE_MS = 10000;
/** A picture that has stood still for so long is no photo of the guest. */
const STILL_MS = 2000;
/** Of the shorter side, in pixels: less shows on a phone already. */
const COARSE = 720;

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

/** The camera's picture, in pixels. */
const size = signal({ width: 1280, height: 720 });

/** @returns {{width: number, height: number}} */
export const given = () => size.value;

/** @returns {number} width by height of the picture the camera gives */
export const shape = () => size.value.width / size.value.height;

/** @returns {boolean} is it a small one? */
export const coarse = () => Math.min(size.value.width, size.value.height) < COARSE;

/** @type {HTMLVideoElement | null} */
let preview = null;

/** @param {HTMLVideoElement | null} video the preview on screen, whose frames are taken */
export function show(video) {
  preview = video;
  if (video && video.srcObject !== stream.value) video.srcObject = stream.value;
}

/** Calls when a camera is plugged in or out, or the browser is told another mind about it.
 * @param {AbortSignal} until @param {() => void} act */
export function onChange(until, act) {
  navigator.mediaDevices?.addEventListener("devicechange", act, { signal: until });
  navigator.permissions?.query({ name: "camera" }).then(
    (permission) => permission.addEventListener("change", act, { signal: until }),
    () => {}, // a browser that can't be asked tells nothing
  );
}

/** @returns {Promise<Camera>} why a camera says nothing: a question that nobody answers, or a defect */
async function silence() {
  const permission = await navigator.permissions?.query({ name: "camera" }).catch(() => null);
  return permission?.state === "prompt" ? "refused" : "silent";
}

/**
 * Keeps the camera open until the signal is aborted.
 * @param {AbortSignal} until @param {(camera: Camera) => void} report
 */
export async function open(until, report) {
  readyJpeg();
  /** @type {MediaStream} */
  let opened;
  const answered = new AbortController();
  const waiting = AbortSignal.any([until, answered.signal]);
  after(WAKE_MS, waiting, async () => {
    const cause = await silence();
    if (!waiting.aborted) report(cause);
  });
  try {
    if (!navigator.mediaDevices) throw new DOMException("no camera interface", "NotFoundError");
    opened = await navigator.mediaDevices.getUserMedia({ video: WISH, audio: false });
  } catch (error) {
    if (!until.aborted) report(CAUSES[error instanceof Error ? error.name : ""] ?? "missing");
    return;
  } finally {
    answered.abort();
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
  if (width && height) size.value = { width, height };
  return report("on");
}

/** @param {HTMLVideoElement} video @returns {Promise<boolean>} true at its next frame; false: there is
 * none, and a camera that stands still must not hold the guest */
function nextFrame(video) {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), STILL_MS);
    video.requestVideoFrameCallback(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}

/** @returns {Promise<Photo | null>} null: the camera gives no picture any more */
export async function take() {
  const video = preview;
  if (!video || !(await nextFrame(video))) return null;
  const { videoWidth: width, videoHeight: height } = video;
  if (!width || !height) return null;
  const frame = await createImageBitmap(video).catch(() => null);
  if (!frame) return null;
  const still = document.createElement("canvas");
  still.width = width;
  still.height = height;
  still.getContext("2d", { alpha: false })?.drawImage(frame, 0, 0);
  mark("frame");
  const jpeg = jpegOf(frame, still, QUALITY);
  void jpeg.then(() => mark("encoded"));
  return { key: crypto.randomUUID(), still, jpeg, width, height, made: undefined };
}

/** Gives a photo's pixels back now, not at the next collection. @param {Photo} photo */
export function release({ still }) {
  still.width = 0;
}
