// @ts-check
/** From the operator's one colour to a palette on which every word can be read. Pure. */

const DARK = "#2b1140";
const LIGHT = "#ffffff";
const BLACK = "#000000";
/** WCAG 2.2, 1.4.3, with a little to spare for what is drawn over it half transparent. */
const READABLE = 4.6;

/** @param {string} colour `#rrggbb` @returns {number[]} 0 to 255 each */
function parts(colour) {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}

/** @param {string} colour @returns {number} relative luminance (WCAG 2.2) */
function luminance(colour) {
  const [red = 0, green = 0, blue = 0] = parts(colour).map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** @param {string} one @param {string} other @returns {number} 1 to 21 */
export function contrast(one, other) {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

/** @param {string} ground @returns {string} the words' colour: of two that do, the page's own */
export function readableOn(ground) {
  const good = [DARK, LIGHT, BLACK].find((ink) => contrast(ground, ink) >= READABLE);
  return good ?? (contrast(ground, LIGHT) > contrast(ground, BLACK) ? LIGHT : BLACK);
}

/** @param {string} colour @param {number} share 0 to 1 of it that stays @returns {string} */
function darker(colour, share) {
  const hex = parts(colour).map((part) => Math.round(part * share).toString(16).padStart(2, "0"));
  return `#${hex.join("")}`;
}

/** @param {string} colour the operator's @returns {Record<string, string>} custom properties */
export function palette(colour) {
  const ink = readableOn(colour);
  return {
    "--tint": colour,
    "--tint-edge": darker(colour, 0.72),
    "--on-tint": ink,
    // The main button on a field of that colour is the field's words turned round.
    "--turned": ink === LIGHT ? LIGHT : DARK,
    "--turned-edge": ink === LIGHT ? "#cfcfcf" : darker(DARK, 0.5),
    "--on-turned": ink === LIGHT ? (contrast(colour, LIGHT) >= READABLE ? colour : BLACK) : "#fffaf1",
  };
}
