// @ts-check
/** The languages there are, the one that is chosen, and the sentence for a code that may be new. */
import { signal } from "../vendor/ui.js";
import { en } from "./messages.en.js";
import { fr } from "./messages.fr.js";

/** @typedef {import("./messages.fr.js").Messages} Messages */

/** @type {Record<string, Messages>} */
export const LANGUAGES = { fr, en };
const KEPT = "kiosk-language";

/** @param {readonly string[]} wanted in order @returns {string} the first one that there is */
export function firstOf(wanted) {
  const known = wanted.map((one) => one.slice(0, 2).toLowerCase());
  return known.find((one) => Object.hasOwn(LANGUAGES, one)) ?? "fr";
}

export const language = signal("fr");

/** Choose what was chosen before, or what the browser asks for. */
export function beginLanguage() {
  const before = localStorage.getItem(KEPT);
  choose(firstOf([...(before ? [before] : []), ...navigator.languages]));
}

/** @param {string} code */
export function choose(code) {
  language.value = code;
  document.documentElement.lang = code;
}

/** @param {string} code chosen by hand */
export function keep(code) {
  localStorage.setItem(KEPT, code);
  choose(code);
}

/** @returns {Messages} */
export const t = () => LANGUAGES[language.value] ?? fr;

/** @param {Record<string, string>} sentences @param {string} code @returns {string} the code itself where there is none */
export function said(sentences, code) {
  return (Object.hasOwn(sentences, code) && sentences[code]) || code;
}

/** @param {import("./api.js").Failure} failure @returns {string} */
export function problem({ code, detail, errors, wait_s }) {
  const known = /** @type {Record<string, string>} */ (t().problems);
  const fields = errors.map(({ field, message }) => `${field}: ${message}`).join(" ");
  if (code === "rate-limited" && wait_s > 0) return t().waitFor(wait_s);
  if (Object.hasOwn(known, code)) return known[code] ?? "";
  return fields || detail || known["other"] || "";
}
