// @ts-check
/** Numbers, sizes, times and ages in the reader's language; phones without what identifies. Pure. */

/** @param {number} count @param {string} language @returns {string} */
export const number = (count, language) => new Intl.NumberFormat(language).format(count);

/** @param {number} value @param {string} unit @param {string} language */
const unit = (value, unit, language) =>
  new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);

/** @param {number} bytes @param {string} language @returns {string} */
export function size(bytes, language) {
  const steps = /** @type {const} */ ([["gigabyte", 2 ** 30], ["megabyte", 2 ** 20], ["kilobyte", 2 ** 10]]);
  for (const [name, step] of steps) if (bytes >= step) return unit(bytes / step, name, language);
  return unit(bytes, "byte", language);
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

/** @param {string} at RFC 3339 @param {string} language @returns {string} in the reader's own time */
export function moment(at, language) {
  return new Intl.DateTimeFormat(language, { dateStyle: "short", timeStyle: "medium" }).format(new Date(at));
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
