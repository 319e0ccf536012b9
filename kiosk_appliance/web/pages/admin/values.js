// @ts-check
/** A setting's value between its JSON and what an operator types. Pure. */

/** @typedef {import("./api.js").Setting} Setting
 * @typedef {import("./api.js").Value} Value
 * @typedef {"truth" | "number" | "list" | "words" | "text"} Kind */

const LONG = 60;

/** @param {Setting} setting @returns {Kind} what its value is; a bound in figures says it where there is none */
export function kindOf({ value, default: standard, unit, minimum }) {
  const known = value ?? standard;
  if (typeof known === "boolean") return "truth";
  if (Array.isArray(known)) return "list";
  if (typeof known === "number" || (known === null && typeof minimum === "number" && unit !== "characters")) return "number";
  return typeof known === "string" && known.length > LONG ? "words" : "text";
}

/** @param {Value} value @returns {string} as a field shows it */
export function shown(value) {
  if (value === null) return "";
  return Array.isArray(value) ? value.join(", ") : String(value);
}

/** @param {string} text @param {Kind} kind @returns {Value} what is sent; what is no number stays text, and the kiosk says so */
export function typed(text, kind) {
  const trimmed = text.trim();
  if (kind === "truth") return trimmed === "true";
  if (kind === "list") return trimmed.split(",").map((one) => one.trim()).filter(Boolean);
  if (kind === "number" && /^-?\d+$/.test(trimmed)) return Number(trimmed);
  return trimmed === "" ? null : trimmed;
}
