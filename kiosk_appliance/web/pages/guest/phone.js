// @ts-check
/**
 * How a phone number looks while it is typed. Display only: whether it is a number, and one that
 * may get an SMS, is the appliance's to say (`phone-invalid`).
 */

/** @typedef {import("./model.js").Country} Country */

/** Calling codes of one and two digits (ITU-T E.164 list); every other one has three. */
const SHORT_CODES = new Set(
  ("1 7 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 " +
    "64 65 66 81 82 84 86 90 91 92 93 94 95 98").split(" "),
);

/** Digits of the longest number there is (E.164), plus what people write before it. */
const LONGEST_NUMBER = 17;

/** Between groups: a number never breaks over two lines. */
const SPACE = "\u00a0";

/** @param {string} digits @returns {string} in pairs, from the left */
function pairs(digits) {
  return digits.replace(/(..)(?=.)/g, `$1${SPACE}`);
}

/** @param {string} digits after the `+` @returns {string} the calling code, as far as it is typed */
function callingCode(digits) {
  for (const length of [1, 2]) {
    if (SHORT_CODES.has(digits.slice(0, length))) return digits.slice(0, length);
  }
  return digits.slice(0, 3);
}

/** @param {string} typed @returns {string} `06 12 34 56 78`, `+33 6 12 34 56 78` */
export function display(typed) {
  if (!typed.startsWith("+")) return pairs(typed);
  const code = callingCode(typed.slice(1));
  const rest = typed.slice(1 + code.length);
  // French numbers have nine digits after the code: one, then pairs.
  const grouped = code === "33" ? rest.slice(0, 1) + SPACE + pairs(rest.slice(1)) : pairs(rest);
  return `+${code}${SPACE}${grouped}`.trim();
}

/** Countries whose numbers begin with 0 also after the country's code. */
const KEEP_ZERO = new Set(["IT", "SM", "VA"]);

/** @param {string} typed @param {Country} country chosen on the pad @returns {string} what is sent:
 * `06…` is a number of that country, and said so on the pad */
export function international(typed, { region, calling }) {
  if (typed.startsWith("+") || typed.startsWith("00")) return typed;
  return `+${calling}${KEEP_ZERO.has(region) ? typed : typed.replace(/^0/, "")}`;
}

/** @param {string} typed @param {Country} country @returns {boolean} long enough to be worth asking
 * the appliance */
export function plausible(typed, { region }) {
  if (typed.startsWith("+") || typed.startsWith("00")) return typed.replace(/^\+|^00/, "").length >= 8;
  return region === "FR" ? typed.length === 10 && typed.startsWith("0") : typed.length >= 6;
}

/** @param {string} typed @param {Country} country @returns {string} `06 •• •• •• 78`: enough to
 * recognise, not to read */
export function masked(typed, { region }) {
  const shown = display(typed);
  const digits = shown.replace(/\D/g, "").length;
  const first = typed.startsWith("+") ? callingCode(typed.slice(1)).length + Number(region === "FR") : 2;
  let nth = 0;
  return shown.replace(/\d/g, (digit) => {
    nth += 1;
    return nth <= first || nth > digits - 2 ? digit : "•";
  });
}

/** @param {string} digits so far @param {string} key of the pad @returns {string} */
export function typed(digits, key) {
  if (key === "+" ? digits !== "" : !/^[0-9]$/.test(key)) return digits;
  return digits.length < LONGEST_NUMBER ? digits + key : digits;
}
