// @ts-check
/**
 * What the page does because of its state: camera, countdown, calls, timers. Each duty names the
 * situation it belongs to; when that changes, what it had under way is aborted and the next begins.
 * So nothing outlives its state, and nobody has to remember to stop it.
 */
import * as api from "./api.js";
import * as camera from "./camera.js";
import { needsCamera } from "./model.js";
import { international, masked } from "./phone.js";
import { after, repeat } from "./pace.js";
import { askAhead, configure, farewell, forgetLanguage, idle, watchServer } from "./presence.js";
import { problemOf } from "./problems.js";

/** @typedef {import("./model.js").Model} Model
 * @typedef {import("./model.js").Event} Event
 * @typedef {{now: Model, say: (event: Event) => void, until: AbortSignal}} Scene
 * @typedef {{when: (model: Model) => string | null, run: (scene: Scene) => void}} Duty */

const FOLLOW_MS = 2000;
/** The screen is white this long before the frame is taken: the camera must see its light. */
const FLASH_MS = 220;

/** @param {Model} model @param {string} at */
const only = (model, at) => (model.visit.at === at ? at : null);

/** @type {Duty} */
const openCamera = {
  when: ({ visit, cameraTry }) => (needsCamera(visit) ? `camera ${cameraTry}` : null),
  run: ({ say, until }) => void camera.open(until, (seen) => say({ type: "camera", camera: seen })),
};

/** @type {Duty} a camera plugged in again is tried without a tap */
const noticeCamera = {
  when: ({ camera }) => (["missing", "busy", "lost"].includes(camera) ? camera : null),
  run: ({ say, until }) =>
    navigator.mediaDevices?.addEventListener("devicechange", () => say({ type: "retryCamera" }), {
      signal: until,
    }),
};

/** @type {Duty} */
const count = {
  when: ({ visit }) => (visit.at === "countdown" ? `count ${visit.left}` : null),
  run: ({ say, until }) => after(1000, until, () => say({ type: "tick" })),
};

/** @type {Duty} */
const shoot = {
  when: (model) => only(model, "shooting"),
  run: ({ say, until }) =>
    after(FLASH_MS, until, async () => {
      const photo = await camera.take();
      if (until.aborted) return photo && URL.revokeObjectURL(photo.url);
      return say(photo ? { type: "taken", photo } : { type: "camera", camera: "lost" });
    }),
};

/** @type {Duty} a photo that no state holds any more leaves the memory */
const forgetPhoto = {
  when: ({ visit }) => ("photo" in visit ? visit.photo.url : null),
  run: ({ now: { visit }, until }) => {
    if (!("photo" in visit)) return;
    const { url } = visit.photo;
    until.addEventListener("abort", () => URL.revokeObjectURL(url), { once: true });
  },
};

/** @type {Duty} */
const save = {
  when: ({ visit }) => (visit.at === "saving" && !visit.problem ? `save ${visit.attempt}` : null),
  run: async ({ now: { visit }, say, until }) => {
    if (visit.at !== "saving") return;
    const { photo, background, key } = visit;
    const answer = await api.capture(photo.blob, background?.id ?? null, key, until);
    if (until.aborted) return;
    if (!answer.ok) return say({ type: "saveFailed", problem: problemOf(answer) });
    const { id, token, status, online } = answer.body;
    say({ type: "saved", capture: { id, token }, link: api.linkState(status === "synced", online) });
  },
};

/** @type {Duty} */
const send = {
  when: ({ visit }) => (visit.at === "sending" && !visit.problem ? `send ${visit.attempt}` : null),
  run: async ({ now: { visit }, say, until }) => {
    if (visit.at !== "sending") return;
    const answer = await api.sendSms(international(visit.digits), visit.capture.id, until);
    if (until.aborted) return;
    if (answer.ok) {
      say({ type: "queued", masked: masked(visit.digits), online: answer.body.online });
    } else if (answer.status === 422) {
      say({ type: "numberRefused", code: answer.code });
    } else if (answer.code === "sms-limit" || answer.status === 404) {
      say({ type: "smsRefused", code: answer.code });
    } else {
      say({ type: "sendFailed", problem: problemOf(answer) });
    }
  },
};

/** @type {Duty} */
const retry = {
  when: ({ visit }) =>
    "problem" in visit && visit.problem?.remedy === "auto" ? `retry ${visit.attempt}` : null,
  run: ({ now: { visit }, say, until }) => {
    if (visit.at !== "saving" && visit.at !== "sending") return;
    after(visit.problem?.wait_ms ?? FOLLOW_MS, until, () => say({ type: "retry" }));
  },
};

/** @type {Duty} */
const follow = {
  when: ({ visit }) => ("capture" in visit ? `${visit.capture.id} ${visit.at === "result"}` : null),
  run: ({ now: { visit }, say, until }) => {
    if (!("capture" in visit)) return;
    const { id } = visit.capture;
    void repeat(FOLLOW_MS, until, async () => {
      const seen = await api.follow(id, until);
      if (!seen || until.aborted) return false;
      say({ type: "followed", ...seen });
      return seen.link === "ready" && (seen.sms === null || seen.sms === "sent");
    });
  },
};

/** @type {Duty[]} */
const DUTIES = [
  configure, watchServer, askAhead, openCamera, noticeCamera, count, shoot, forgetPhoto, save, send, retry,
  follow, farewell, forgetLanguage, idle,
];

/**
 * Runs the duties: call it with each new model.
 * @param {(event: Event) => void} say @returns {(model: Model) => void}
 */
export function onDuty(say) {
  /** @type {Map<Duty, {situation: string, end: AbortController}>} */
  const running = new Map();
  return (model) => {
    for (const duty of DUTIES) {
      const situation = duty.when(model);
      const present = running.get(duty);
      if (situation === (present?.situation ?? null)) continue;
      present?.end.abort();
      running.delete(duty);
      if (situation === null) continue;
      const end = new AbortController();
      running.set(duty, { situation, end });
      duty.run({ now: model, say, until: end.signal });
    }
  };
}
