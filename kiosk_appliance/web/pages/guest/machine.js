// @ts-check
/**
 * The guest's visit as one state machine: `reduce(model, event)` is pure and knows neither the
 * DOM, the clock nor the network. What must happen because of a state (camera, timers, calls)
 * stands in `duties.js`. An event that makes no sense in the present state changes nothing, which
 * is what makes double taps and late answers harmless.
 */

import { NOBODY, PLAIN, canIdle, dialled, kept, needsCamera, setting } from "./model.js";
import { barred, typed } from "./phone.js";

/** @typedef {import("./model.js").Model} Model
 * @typedef {import("./model.js").Visit} Visit
 * @typedef {import("./model.js").Event} Event
 * @typedef {import("./model.js").Camera} Camera
 */

/** @param {Model} model @param {Visit} visit @returns {Model} */
function go(model, visit) {
  const awake = model.camera === "off" ? "opening" : model.camera;
  const camera = needsCamera(visit) ? awake : "off";
  const warning = visit.at === model.visit.at ? model.warning : null;
  return { ...model, visit, camera, warning };
}

/** @param {Model} model @returns {Model} the model without a trace of the guest */
function wiped(model) {
  return { ...go(model, NOBODY), comfort: PLAIN, language: model.config?.language ?? model.language };
}

/**
 * Events that concern the appliance and not the guest's steps.
 * @param {Model} model @param {Event} event @returns {Model | null} null: not such an event
 */
function aside(model, event) {
  switch (event.type) {
    case "configured": {
      // A guest who has just chosen her language keeps it when the settings are read again.
      const language = model.config ? model.language : event.config.language;
      return { ...model, config: event.config, backgrounds: event.backgrounds, language };
    }
    case "language":
      return { ...model, language: event.language };
    case "comfort":
      return { ...model, comfort: { ...model.comfort, ...event.change } };
    case "server":
      return event.server === model.server ? model : { ...model, server: event.server };
    case "obstacle":
      return event.obstacle === model.obstacle ? model : { ...model, obstacle: event.obstacle };
    case "camera":
      return seen(model, event.camera);
    case "retryCamera":
      return needsCamera(model.visit)
        ? { ...model, camera: "opening", cameraTry: model.cameraTry + 1 }
        : model;
    case "warning":
      return canIdle(model.visit) ? { ...model, warning: event.left } : model;
    case "stay":
      return { ...model, warning: null };
    case "made": {
      const { visit } = model;
      if (!("photo" in visit) || visit.photo.key !== event.key) return model;
      return { ...model, visit: { ...visit, photo: { ...visit.photo, made: event.made } } };
    }
    case "wipe":
      return wiped(model);
    default:
      return null;
  }
}

/** @param {Model} model @param {Camera} camera @returns {Model} */
function seen(model, camera) {
  if (!needsCamera(model.visit)) return model;
  const { visit } = model;
  const interrupted = (visit.at === "countdown" || visit.at === "shooting") && camera !== "on";
  const step = interrupted ? go(model, { at: "choose", ...setting(visit) }) : model;
  return { ...step, camera };
}

/** @param {Model} model @param {Event} event @returns {Model} */
export function reduce(model, event) {
  const answer = aside(model, event);
  if (answer) return answer;
  const visit = step(model, event);
  return visit === model.visit ? model : go(model, visit);
}

/** @param {Model} model @param {Event} event @returns {Visit} the same one where nothing follows */
function step(model, event) {
  const { visit, config } = model;
  if (!config) return visit;
  switch (visit.at) {
    case "attract":
      if (event.type !== "start" || model.server === "down" || model.obstacle) return visit;
      return { at: "consent", marketing: false };
    case "consent":
      if (event.type === "marketing") return { ...visit, marketing: event.agreed };
      // Also while the appliance restarts: what is left before "keep" needs the camera only.
      if (event.type !== "accept" || model.obstacle) return visit;
      return { at: "choose", background: null, retakes: config.retakes, marketing: visit.marketing };
    case "choose":
      if (event.type === "choose") return { ...visit, background: event.background };
      if (event.type !== "shoot" || model.camera !== "on" || model.obstacle) return visit;
      return { at: "countdown", left: config.countdown_seconds, ...setting(visit) };
    case "countdown":
      if (event.type === "cancel") return { at: "choose", ...setting(visit) };
      if (event.type !== "tick") return visit;
      if (visit.left > 1) return { ...visit, left: visit.left - 1 };
      return { at: "shooting", ...setting(visit) };
    case "shooting":
      if (event.type !== "taken") return visit;
      return { at: "review", photo: event.photo, ...setting(visit) };
    case "review":
    case "saving":
      return decide(visit, event);
    case "ready":
      return (event.type === "dial" && pad(visit, config)) || follow(visit, event);
    case "dial":
    case "confirm":
    case "sending":
      return address(visit, event, config);
    case "result":
      return event.type === "correct" && visit.sms === "refused" ? onPad(visit) : follow(visit, event);
    default:
      return follow(visit, event);
  }
}

/** @param {import("./model.js").Kept} visit @param {import("./model.js").Config} config
 * @returns {Visit | null} an empty pad; null where nobody's number is taken */
function pad(visit, { sms, countries: [country] }) {
  return sms && country ? { at: "dial", digits: "", country, refusal: null, ...kept(visit) } : null;
}

/** The number as far as it is, to be gone on with.
 * @param {import("./model.js").Dialled} visit @param {import("./model.js").Country[]} [countries]
 * @returns {Visit} */
function onPad(visit, countries) {
  const elsewhere = countries && barred(visit.digits, countries);
  return { at: "dial", refusal: elsewhere ? "country" : null, ...dialled(visit) };
}

/** The photo is there: keep it, or take another.
 * @param {Extract<Visit, {at: "review" | "saving"}>} visit @param {Event} event @returns {Visit} */
function decide(visit, event) {
  if (event.type === "retake" && mayRetake(visit)) {
    return { at: "choose", ...setting(visit), retakes: Math.max(0, visit.retakes - 1) };
  }
  if (visit.at === "review") {
    if (event.type !== "keep") return visit;
    return { ...visit, at: "saving", key: event.key, attempt: 1, problem: null };
  }
  const { background, photo } = visit;
  switch (event.type) {
    case "saved":
      return { at: "ready", background, photo, capture: event.capture, link: event.link,
        code: null, notice: null };
    case "saveFailed":
      return visit.problem ? visit : { ...visit, problem: event.problem };
    case "retry":
      return visit.problem ? { ...visit, attempt: visit.attempt + 1, problem: null } : visit;
    case "keepPlain": {
      // Another content, so another key: the server refuses the old one for it.
      const again = { key: event.key, attempt: visit.attempt + 1, problem: null };
      return visit.problem ? { ...visit, background: null, ...again } : visit;
    }
    default:
      return visit;
  }
}

/** A photo that the appliance can't take in is replaced, whatever the operator's limit.
 * @param {Extract<Visit, {at: "review" | "saving"}>} visit */
function mayRetake(visit) {
  return visit.at === "review" ? visit.retakes > 0 : visit.problem?.remedy === "retake";
}

/** From the first digit to the SMS in the outbox.
 * @param {Extract<Visit, {at: "dial" | "confirm" | "sending"}>} visit @param {Event} event
 * @param {import("./model.js").Config} config @returns {Visit} */
function address(visit, event, { countries }) {
  const rest = kept(visit);
  // Back from the pad is back to the QR code; from here nothing has been asked of anybody yet.
  if (event.type === "done" && visit.at === "dial") return { at: "ready", notice: null, ...rest };
  if (visit.at === "dial") {
    const changed = (/** @type {Partial<import("./model.js").Dialled>} */ change) =>
      onPad({ ...visit, ...change }, countries);
    if (event.type === "country") return changed({ country: event.country });
    if (event.type === "typed") return changed({ digits: typed(visit.digits, event.key) });
    if (event.type === "erase") return changed({ digits: visit.digits.slice(0, -1) });
    if (event.type === "numberRefused") return { ...visit, refusal: event.code };
    if (event.type === "confirm" && !visit.refusal) return { at: "confirm", ...dialled(visit) };
    return follow(visit, event);
  }
  if (event.type === "correct") return onPad(visit);
  if (visit.at === "confirm") {
    if (event.type !== "send") return follow(visit, event);
    return { at: "sending", attempt: 1, problem: null, ...dialled(visit) };
  }
  switch (event.type) {
    case "queued":
      return { at: "result", sms: event.online ? "leaving" : "waiting", ...dialled(visit) };
    case "numberRefused":
      return { at: "dial", refusal: event.code, ...dialled(visit) };
    case "smsRefused":
      return { at: "ready", notice: event.code, ...rest };
    case "sendFailed":
      return visit.problem ? visit : { ...visit, problem: event.problem };
    case "retry":
      return visit.problem ? { ...visit, attempt: visit.attempt + 1, problem: null } : visit;
    default:
      return follow(visit, event);
  }
}

/** What the appliance says meanwhile of the link and the SMS.
 * @param {Visit} visit @param {Event} event @returns {Visit} */
function follow(visit, event) {
  if (!("capture" in visit)) return visit;
  if (event.type === "done") return { at: "thanks" };
  if (event.type === "drawn") return { ...visit, code: event.code };
  if (event.type !== "followed") return visit;
  if (visit.at === "result" && event.sms && event.sms !== visit.sms) {
    return { ...visit, link: event.link, sms: event.sms };
  }
  return event.link === visit.link ? visit : { ...visit, link: event.link };
}
