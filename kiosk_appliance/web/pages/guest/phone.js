// @ts-check
/**
 * How a phone number looks while it is typed. Whether it is a number, and one that may get an SMS, is
 * the appliance's to say; only the calling code, which the settings tell, is looked at here.
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

/** How the neighbours write what follows the calling code; the others' numbers stand in threes.
 * @type {Record<string, number[]>} */
const GROUPS = {
  1: [3, 3, 4], 31: [1, 2, 2, 2, 2], 32: [3, 2, 2, 2], 33: [1, 2, 2, 2, 2], 34: [3, 2, 2, 2], 39: [3, 3, 4],
  41: [2, 3, 2, 2], 44: [4, 6], 49: [4, 4, 4], 377: [1, 2, 2, 2, 2],
};

/** @param {string} digits @param {number[]} sizes of the groups from the left; what is left over stands
 * in threes, and no digit alone at the end @returns {string} */
function grouped(digits, sizes) {
  const [size = digits.length === 4 ? 4 : 3, ...further] = sizes;
  if (digits.length <= size) return digits;
  return digits.slice(0, size) + SPACE + grouped(digits.slice(size), further);
}

/** @param {string} typed @returns {string | null} what follows `+` or `00`; null: without its country */
function abroad(typed) {
  const [, rest] = typed.match(/^(?:\+|00)(.*)$/) ?? [];
  return rest ?? null;
}

/** @param {string} digits after the `+` @returns {string} the calling code, as far as it is typed */
function callingCode(digits) {
  for (const length of [1, 2]) {
    if (SHORT_CODES.has(digits.slice(0, length))) return digits.slice(0, length);
  }
  return digits.slice(0, 3);
}

/** @param {string} digits of a number @param {number[]} sizes of its groups at home, without a first 0
 * @returns {number[]} its groups; a first 0 is one digit more in the first, and no group of its own */
function withZero(digits, [first = 3, ...further]) {
  return digits.startsWith("0") ? [first + 1, ...further] : [first, ...further];
}

/** @param {string} typed @param {Country} country chosen on the pad
 * @returns {string} `06 12 34 56 78`, `+33 6 12 34 56 78`, `+32 470 12 34 56` */
export function display(typed, { calling }) {
  const number = abroad(typed);
  if (number !== null) {
    const code = callingCode(number);
    const start = `${typed.slice(0, typed.length - number.length)}${typed.startsWith("+") ? "" : SPACE}${code}`;
    const national = number.slice(code.length);
    const sizes = GROUPS[code];
    return `${start}${SPACE}${grouped(national, sizes ? withZero(national, sizes) : [])}`.trim();
  }
  return grouped(typed, withZero(typed, GROUPS[calling] ?? []));
}

/** @param {string} typed @param {Country[]} countries that may get an SMS @returns {boolean} is it of
 * another one, as far as its calling code tells? */
export function barred(typed, countries) {
  const number = abroad(typed);
  if (number === null) return false;
  const code = callingCode(number);
  return (SHORT_CODES.has(code) || code.length === 3) && !countries.some(({ calling }) => calling === code);
}

/** Countries whose numbers begin with 0 also after the country's code. */
const KEEP_ZERO = new Set(["IT", "SM", "VA"]);

/** @param {string} typed @param {Country} country chosen on the pad @returns {string} what is sent:
 * `06…` is a number of that country, and said so on the pad */
export function international(typed, { region, calling }) {
  if (abroad(typed) !== null) return typed;
  return `+${calling}${KEEP_ZERO.has(region) ? typed : typed.replace(/^0/, "")}`;
}

/** @param {string} typed @param {Country} country @returns {boolean} long enough to be worth asking
 * the appliance, also where a digit is too many or the first 0 was forgotten */
export function plausible(typed, { region }) {
  const number = abroad(typed);
  if (number !== null) return number.length >= 8;
  if (region !== "FR") return typed.length >= 6;
  return typed.length >= (typed.startsWith("0") ? 10 : 9);
}

/** @param {string} digits after the `+` @param {Country} country
 * @returns {number} how many of the first tell nobody anything: the country's, and `6` or `06` */
function recognised(digits, { region }) {
  const code = callingCode(digits).length;
  if (region !== "FR") return code;
  return code + (digits[code] === "0" ? 2 : 1);
}

/** @param {string} typed @param {Country} country @returns {string} `06 •• •• •• 78`: enough to
 * recognise, not to read */
export function masked(typed, country) {
  const shown = display(typed, country);
  const digits = shown.replace(/\D/g, "").length;
  const first = typed.startsWith("+") ? recognised(typed.slice(1), country) : 2;
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
