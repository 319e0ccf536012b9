// @ts-check
/** Where the page is: the session, the section that the address names, and the word to be said. */
import { signal } from "../vendor/ui.js";

export const VIEWS = /** @type {const} */ ([
  "overview", "captures", "outbox", "backgrounds", "settings", "care", "logs", "audit", "account",
]);
/** @typedef {typeof VIEWS[number]} View */

const START = /** @type {"asking" | "first" | "out" | "in"} */ ("asking");
export const session = signal(START);
/** Said once, and gone after a while. */
export const notice = signal(/** @type {{text: string, kind: "good" | "bad"} | null} */ (null));
/** What the technician calls this kiosk: somebody may watch several. */
export const kioskName = signal("");
export const place = signal({ view: /** @type {View} */ ("overview"), query: new URLSearchParams() });

const NOTICE_MS = 6_000;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let fading;

/** @param {string} text @param {"good" | "bad"} [kind] */
export function tell(text, kind = "good") {
  clearTimeout(fading);
  notice.value = { text, kind };
  fading = setTimeout(() => (notice.value = null), NOTICE_MS);
}

/** @param {string} hash @returns {{view: View, query: URLSearchParams}} */
export function placeOf(hash) {
  const [name = "", query = ""] = hash.replace(/^#/, "").split("?");
  const view = VIEWS.find((one) => one === name) ?? "overview";
  return { view, query: new URLSearchParams(query) };
}
