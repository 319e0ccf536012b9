// @ts-check
/** Numbers, sizes, times and ages in the reader's language; phones without what identifies. Pure. */

/** @param {number} count @param {string} language @returns {string} */
export const number = (count, language) => new Intl.NumberFormat(language).format(count);

/** @param {number} value @param {string} unit @param {string} language @param {"short" | "long"} [unitDisplay] */
const unit = (value, unit, language, unitDisplay = "short") =>
  new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay, maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);

/** @param {number} bytes @param {string} language @returns {string} */
export function size(bytes, language) {
  const steps = /** @type {const} */ ([["gigabyte", 2 ** 30], ["megabyte", 2 ** 20], ["kilobyte", 2 ** 10]]);
  for (const [name, step] of steps) if (bytes >= step) return unit(bytes / step, name, language);
  return unit(bytes, "byte", language, "long");
}

/** @param {number} seconds @param {string} language @returns {string} in the one unit that says enough */
export function span(seconds, language) {
  const whole = Math.max(0, Math.round(seconds));
  const steps = /** @type {const} */ ([["day", 86_400, 2], ["hour", 3_600, 2], ["minute", 60, 2]]);
  for (const [name, step, least] of steps) {
    if (whole >= step * least) return unit(Math.floor(whole / step), name, language);
  }
  return unit(whole, "second", language);
}

/** @param {string} at RFC 3339 @param {number} now @returns {number} seconds since then */
export const secondsSince = (at, now) => Math.max(0, (now - Date.parse(at)) / 1000);

/** Months are written out: 11/12 is two days, depending on who reads it.
 * @param {string} at RFC 3339 @param {string} language @param {boolean} [exact] to the second @returns {string} in the reader's own time */
export function moment(at, language, exact = false) {
  const style = /** @type {const} */ ({ dateStyle: "medium", timeStyle: exact ? "medium" : "short" });
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, style).format(new Date(at));
}

/** @param {string | null | undefined} day as a date field gives it @param {number} [later] so many days later
 * @returns {string | null | undefined} the instant at which it begins for the reader; what is no day, as it is */
export function dayBegins(day, later = 0) {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day ?? "") ?? [];
  return date ? new Date(Number(year), Number(month) - 1, Number(date) + later).toISOString() : day;
}

/** @param {string} phone E.164 @returns {string} its country and its last two digits */
export function masked(phone) {
  return `${phone.slice(0, 3)} •• •• •• ${phone.slice(-2)}`;
}

/** @param {string} email @returns {string} */
export function maskedEmail(email) {
  const [name = "", host = ""] = email.split("@");
  return `${name.slice(0, 1)}•••@${host}`;
}
