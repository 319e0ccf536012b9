// @ts-check
/**
 * What the page does because of its state: camera, countdown, calls, timers. Each duty names the
 * situation it belongs to; when that changes, what it had under way is aborted and the next begins.
 * So nothing outlives its state, and nobody has to remember to stop it.
 */
import * as api from "./api.js";
import * as camera from "./camera.js";
import { cutsOut, needsCamera, unmade } from "./model.js";
import { noticeOf } from "./messages.js";
import { international, plausible } from "./phone.js";
import { after, mark, repeat } from "./pace.js";
import { askAhead, configure, farewell, forgetChoices, idle, watchServer } from "./presence.js";
import { problemOf } from "./problems.js";
import { beep, chime, click, knock } from "./sound.js";

/** @typedef {import("./model.js").Model} Model
 * @typedef {import("./model.js").Event} Event
 * @typedef {{now: Model, say: (event: Event) => void, until: AbortSignal}} Scene
 * @typedef {{when: (model: Model) => string | null, run: (scene: Scene) => void}} Duty */

const FOLLOW_MS = 2000;
const CODE_MS = 1000;
const TELL_MS = 3000;
const MAKE_MS = 800;
/** So long a guest stays with a background that she means. */
const REHEARSE_MS = 300;

/** @param {Pick<Model, "visit">} model @param {string} at */
const only = ({ visit }, at) => (visit.at === at ? at : null);

/** @type {Duty} */
const openCamera = {
  when: ({ visit, cameraTry }) => (needsCamera(visit) ? `camera ${cameraTry}` : null),
  run: ({ say, until }) => void camera.open(until, (seen) => say({ type: "camera", camera: seen })),
};

/** @type {Duty} a camera plugged in again, or allowed, is tried without a tap */
const noticeCamera = {
  when: ({ camera: seen }) => (["off", "opening", "on"].includes(seen) ? null : seen),
  run: ({ say, until }) => camera.onChange(until, () => say({ type: "retryCamera" })),
};

/** @type {Duty} the operator hears of it as well */
const tellCamera = {
  when: ({ camera: seen }) => (["off", "opening"].includes(seen) ? null : seen),
  run: ({ now: { camera: state }, until }) =>
    void repeat(TELL_MS, until, () => api.tellCamera(state === "on" ? { state, ...camera.given() } : { state }, until)),
};

/** @type {Duty} */
const count = {
  when: ({ visit }) => (visit.at === "countdown" ? `count ${visit.left}` : null),
  run: ({ say, until }) => after(1000, until, () => say({ type: "tick" })),
};

/** @type {Duty} */
const shoot = {
  when: (model) => only(model, "shooting"),
  // The screen has turned white in the countdown's last moments (`.flash.rising`): the camera has seen
  // its light.
  run: ({ say, until }) =>
    void camera.take().then((photo) => {
      if (until.aborted) return photo && camera.release(photo);
      return say(photo ? { type: "taken", photo } : { type: "camera", camera: "silent" });
    }),
};

/** @type {Duty} the appliance loads its networks and the background while the guest poses, not while
 * she waits for her picture */
const rehearse = {
  when: ({ visit, camera: seen }) =>
    visit.at === "choose" && seen === "on" && visit.background && cutsOut(visit.background)
      ? visit.background.id
      : null,
  run: ({ now: { visit }, until }) => {
    if (visit.at !== "choose" || !visit.background) return;
    const { id } = visit.background;
    after(REHEARSE_MS, until, async () => {
      const photo = await camera.take();
      const jpeg = await photo?.jpeg;
      if (photo) camera.release(photo);
      if (jpeg) await api.picture(jpeg, id, until);
    });
  },
};

/** @type {Duty} what the guest will get is what she is asked to keep */
const make = {
  when: ({ visit }) => {
    const next = unmade(visit);
    return next && `${next.photo.key} ${next.background.id}`;
  },
  run: ({ now: { visit }, say, until }) => {
    const next = unmade(visit);
    if (!next) return;
    const { photo: { key, jpeg }, background } = next;
    void repeat(MAKE_MS, until, async () => {
      const photo = await jpeg;
      const picture = photo && (await api.picture(photo, background.id, until));
      if (picture === undefined || until.aborted) return false;
      const made = picture && (await decoded(picture.jpeg, picture.framed));
      if (until.aborted) {
        if (made) URL.revokeObjectURL(made.url);
        return true;
      }
      mark("made");
      say({ type: "made", key, made });
      return true;
    });
  },
};

/** @param {Blob} picture @param {boolean} framed @returns {Promise<import("./model.js").Made | null>} ready
 * to be painted at once; null: it can't be */
async function decoded(picture, framed) {
  const image = new Image();
  const url = URL.createObjectURL(picture);
  image.src = url;
  try {
    await image.decode();
  } catch {
    URL.revokeObjectURL(url);
    return null;
  }
  return { url, width: image.naturalWidth, height: image.naturalHeight, framed };
}

/** @type {Duty} */
const sound = {
  when: ({ visit, warning, comfort }) => {
    if (!comfort.sound) return null;
    if (warning !== null) return "warned";
    if (visit.at === "countdown") return `count ${visit.left}`;
    const good = visit.at === "ready" || (visit.at === "result" && visit.sms === "sent");
    return good ? `good ${visit.at}` : only({ visit }, "shooting");
  },
  run: ({ now: { visit, warning } }) => {
    if (warning !== null) knock();
    else if (visit.at === "countdown") beep(visit.left === 1);
    else if (visit.at === "shooting") click();
    else chime();
  },
};

/** @type {Duty} the QR code, which no cache may keep; it leaves the memory with its guest */
const drawCode = {
  when: ({ visit }) => ("capture" in visit ? visit.capture.token : null),
  run: ({ now: { visit }, say, until }) => {
    if (!("capture" in visit)) return;
    const { token } = visit.capture;
    void repeat(CODE_MS, until, async () => {
      const picture = await api.qrCode(token, until);
      if (!picture || until.aborted) return false;
      const code = URL.createObjectURL(picture);
      until.addEventListener("abort", () => URL.revokeObjectURL(code), { once: true });
      say({ type: "drawn", code });
      return true;
    });
  },
};

/** @type {Duty} a photo that no state holds any more leaves the memory */
const forgetPhoto = {
  when: ({ visit }) => ("photo" in visit ? visit.photo.key : null),
  run: ({ now: { visit }, until }) => {
    if (!("photo" in visit)) return;
    const { photo } = visit;
    until.addEventListener("abort", () => camera.release(photo), { once: true });
  },
};

/** @type {Duty} what the browser keeps of a guest beside the page */
const forgetTraces = {
  when: (model) => only(model, "attract"),
  run: () => {
    /^/.test(""); // the last text that was searched, her number for one, is kept until the next
    console.clear(); // a call that failed is listed there with its address, and so with her photo's
  },
};

/** @type {Duty} */
const forgetMade = {
  when: ({ visit }) => ("photo" in visit && visit.photo.made?.url) || null,
  run: ({ now: { visit }, until }) => {
    if (!("photo" in visit) || !visit.photo.made) return;
    const { url } = visit.photo.made;
    until.addEventListener("abort", () => URL.revokeObjectURL(url), { once: true });
  },
};

/** @type {Duty} */
const save = {
  when: ({ visit }) => (visit.at === "saving" && !visit.problem ? `save ${visit.attempt}` : null),
  run: async ({ now: { visit, language }, say, until }) => {
    if (visit.at !== "saving") return;
    const answer = await api.capture(visit, noticeOf(language), until);
    if (until.aborted) return;
    if (!answer.ok) return say({ type: "saveFailed", problem: problemOf(answer) });
    const { id, token, status, online } = answer.body;
    say({ type: "saved", capture: { id, token }, link: api.linkState(status === "synced", online) });
  },
};

/** @type {Duty} whatever the appliance knows against a number is said while it is on the pad */
const checkNumber = {
  when: ({ visit }) =>
    visit.at === "dial" && (!visit.refusal || visit.refusal === "phone-invalid") && plausible(visit.digits, visit.country)
      ? international(visit.digits, visit.country)
      : null,
  run: async ({ now: { visit }, say, until }) => {
    if (visit.at !== "dial") return;
    const code = await api.numberRefusal(international(visit.digits, visit.country), until);
    if (code && !until.aborted) say({ type: "numberRefused", code });
  },
};

/** @type {Duty} */
const send = {
  when: ({ visit }) => (visit.at === "sending" && !visit.problem ? `send ${visit.attempt}` : null),
  run: async ({ now: { visit, language }, say, until }) => {
    if (visit.at !== "sending") return;
    const { digits, country, capture } = visit;
    const answer = await api.sendSms(international(digits, country), capture.id, language, until);
    if (until.aborted) return;
    if (answer.ok) {
      say({ type: "queued", online: answer.body.online });
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
  configure, watchServer, askAhead, openCamera, noticeCamera, tellCamera, count, sound, shoot, rehearse, make, forgetPhoto,
  forgetMade, forgetTraces, save, checkNumber, send, retry, drawCode, follow, farewell, forgetChoices, idle,
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
