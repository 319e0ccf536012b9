// @ts-check
/**
 * The words of the guest page: what the appliance tells it, what a visit consists of, and what can
 * happen. Types and the questions asked of them; the steps themselves stand in `machine.js`.
 */

/**
 * @typedef {{name: string, language: string, welcome_message: string, success_message: string,
 *   countdown_seconds: number, idle_timeout_s: number, retakes: number, retention_days: number,
 *   retention_enabled: boolean, sms: boolean, countries: Country[], marketing_opt_in: boolean,
 *   privacy_contact: string | null, review: boolean, colour: string, logo: boolean}} Config what the operator has set
 * @typedef {{region: string, calling: string}} Country whose numbers may get an SMS
 * @typedef {{id: string, name: string, mode: string, file_url: string, thumbnail_url: string,
 *   display_order: number}} Background
 * @typedef {{url: string, width: number, height: number, framed: boolean}} Made the picture that the
 *   appliance makes of a photo; `url` is a blob URL; `framed`: nobody could be cut out cleanly
 * @typedef {{key: string, still: HTMLCanvasElement, jpeg: Promise<Blob | null>, width: number,
 *   height: number, made: Made | null | undefined}} Photo `still` is on screen before its JPEG is
 *   there; `made` is undefined until it is there or asked for in vain, which is null
 * @typedef {{id: string, token: string}} Capture
 * @typedef {"ready" | "soon" | "later"} Link does the guest's link open: now, in a moment, or once
 *   the network is back
 * @typedef {"leaving" | "waiting" | "sent" | "unsure" | "refused" | "failed"} Sms what became
 *   of it; `refused`: another number may do
 * @typedef {"off" | "opening" | "on" | "refused" | "missing" | "busy" | "lost" | "silent"} Camera
 * @typedef {"auto" | "retry" | "retake" | "plain"} Remedy retry by itself, on a tap, with another
 *   photo, or without the background
 * @typedef {{code: string, remedy: Remedy, wait_ms: number}} Problem
 *
 * @typedef {{size: 0 | 1 | 2, contrast: boolean, low: boolean, sound: boolean}} Comfort what a
 *   guest has asked of the screen: larger text, more contrast, everything within low reach
 *
 * @typedef {{background: Background | null, retakes: number, marketing: boolean}} Setting
 * @typedef {Setting & {photo: Photo}} Shot
 * @typedef {{background: Background | null, photo: Photo, capture: Capture, link: Link,
 *   code: string | null}} Kept `code` is a blob URL, null until the QR code is drawn
 * @typedef {Kept & {digits: string, country: Country}} Dialled
 * @typedef {{at: "attract"}
 *   | {at: "thanks"}
 *   | {at: "consent", marketing: boolean}
 *   | ({at: "choose"} & Setting)
 *   | ({at: "countdown", left: number} & Setting)
 *   | ({at: "shooting"} & Setting)
 *   | ({at: "review"} & Shot)
 *   | ({at: "saving", key: string, attempt: number, problem: Problem | null} & Shot)
 *   | ({at: "ready", notice: string | null} & Kept)
 *   | ({at: "dial", refusal: string | null} & Dialled)
 *   | ({at: "confirm"} & Dialled)
 *   | ({at: "sending", attempt: number, problem: Problem | null} & Dialled)
 *   | ({at: "result", sms: Sms} & Dialled)
 * } Visit everything that belongs to one guest, and nothing else does
 *
 * @typedef {{visit: Visit, camera: Camera, cameraTry: number, server: "up" | "down",
 *   obstacle: string | null, warning: number | null, language: string, comfort: Comfort, config: Config | null,
 *   backgrounds: Background[]}} Model `obstacle`: the code that a photo taken now would be
 *   refused with; `warning`: seconds left before an idle visit is wiped
 *
 * @typedef {{type: "start" | "accept" | "wipe" | "shoot" | "tick" | "cancel" | "retake" | "retry" | "dial"
 *     | "erase" | "confirm" | "correct" | "send" | "done" | "stay" | "retryCamera"}
 *   | {type: "configured", config: Config, backgrounds: Background[]}
 *   | {type: "language", language: string}
 *   | {type: "comfort", change: Partial<Comfort>}
 *   | {type: "marketing", agreed: boolean}
 *   | {type: "country", country: Country}
 *   | {type: "drawn", code: string}
 *   | {type: "server", server: "up" | "down"}
 *   | {type: "obstacle", obstacle: string | null}
 *   | {type: "camera", camera: Camera}
 *   | {type: "choose", background: Background | null}
 *   | {type: "taken", photo: Photo}
 *   | {type: "made", key: string, made: Made | null}
 *   | {type: "keep" | "keepPlain", key: string}
 *   | {type: "saved", capture: Capture, link: Link}
 *   | {type: "saveFailed" | "sendFailed", problem: Problem}
 *   | {type: "typed", key: string}
 *   | {type: "queued", online: boolean}
 *   | {type: "numberRefused" | "smsRefused", code: string}
 *   | {type: "followed", link: Link, sms: Sms | null}
 *   | {type: "warning", left: number}} Event
 */

/** @type {Visit} */
export const NOBODY = { at: "attract" };

/** @type {Comfort} */
export const PLAIN = { size: 0, contrast: false, low: false, sound: true };

/** @param {string} [language] until the settings are there @returns {Model} */
export function initial(language = "fr") {
  return {
    visit: NOBODY,
    camera: "off",
    cameraTry: 0,
    server: "up",
    obstacle: null,
    warning: null,
    language,
    comfort: PLAIN,
    config: null,
    backgrounds: [],
  };
}

/** @param {Visit} visit @returns {boolean} is the next step one towards a photo? */
export function asksAhead(visit) {
  return ["attract", "consent", "choose"].includes(visit.at);
}

/** @param {Visit} visit @returns {boolean} */
export function needsCamera(visit) {
  return ["choose", "countdown", "shooting", "review"].includes(visit.at);
}

/**
 * May the visit end by itself for lack of a touch? Not while the page is the one that works.
 * @param {Visit} visit
 */
export function canIdle(visit) {
  // From the second attempt on the guest waits for the appliance, and may have left.
  if (visit.at === "saving" || visit.at === "sending") return visit.problem !== null || visit.attempt > 1;
  return !["attract", "countdown", "shooting", "thanks"].includes(visit.at);
}

/** @param {Background} background @returns {boolean} does it stand behind the guest? */
export function cutsOut({ mode }) {
  return mode === "person" || mode === "green-screen";
}

/** What still has to be asked for: a frame is laid over a photo by the page itself, people are cut
 * out of it by the appliance alone.
 * @param {Visit | Shot | Kept} visit @returns {{photo: Photo, background: Background} | null} */
export function unmade(visit) {
  if (!("photo" in visit)) return null;
  const { photo, background } = visit;
  return background && cutsOut(background) && photo.made === undefined ? { photo, background } : null;
}

/** @param {Setting} visit @returns {Setting} what of it stays until the photo is kept */
export function setting({ background, retakes, marketing }) {
  return { background, retakes, marketing };
}

/** @param {Kept} visit @returns {Kept} what of it stays from then on */
export function kept({ background, photo, capture, link, code }) {
  return { background, photo, capture, link, code };
}

/** @param {Dialled} visit @returns {Dialled} the same, with the number so far */
export function dialled(visit) {
  return { digits: visit.digits, country: visit.country, ...kept(visit) };
}
