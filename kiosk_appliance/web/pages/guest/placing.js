// @ts-check
/**
 * Where the guest stands on her backdrop: the rule of the appliance's `imaging/placing.py`, so that
 * the live picture frames her as her photo will be. Geometry only; `test/placing.json` holds both to
 * the same places.
 */

/** @typedef {{left: number, top: number, right: number, bottom: number, widest: number}} Extent the
 *   rectangle around all people, as shares of the photo's sides; `widest` is how far down they are
 *   within both
 * @typedef {{left: number, top: number, right: number, bottom: number}} Zone where on a backdrop
 *   people look well, as shares of its sides
 * @typedef {{width: number, height: number}} Size
 * @typedef {{scale: number, x: number, y: number}} Place how the photo lies on the canvas */

/** @type {Zone} of a backdrop that names none */
export const EVERYWHERE = { left: 0, top: 0.06, right: 1, bottom: 1 };

const BUST = 0.45;
const AT_EDGE = 0.012;
const NEARER = 1.7;
const TALL = 0.62;
const WIDE = 0.96;
const MARGIN = 0.02;

/** Of 255: hair's ends don't count. */
const SEEN = 100;
/** Of the width: so near to its sides people are cut by them. */
const ASIDE = 80;

/** @param {Uint8ClampedArray | number[]} pixels of four bytes each; the last is how opaque people are
 * @param {number} side of the square that they fill @returns {Extent | null} null: nobody is there */
export function extent(pixels, side) {
  const edge = Math.max(1, Math.floor(side / ASIDE));
  let [left, top, right, bottom, aside] = [side, side, 0, 0, side];
  for (let y = 0, at = 3; y < side; y += 1) {
    for (let x = 0; x < side; x += 1, at += 4) {
      if (/** @type {number} */ (pixels[at]) <= SEEN) continue;
      if (x < left) left = x;
      if (x >= right) right = x + 1;
      if (y < top) top = y;
      bottom = y + 1;
      if ((x < edge || x >= side - edge) && y < aside) aside = y;
    }
  }
  if (!right) return null;
  return { left: left / side, top: top / side, right: right / side, bottom: bottom / side, widest: aside / side };
}

/** @param {Extent} people @returns {Extent} as a mirror shows them */
export function mirrored(people) {
  return { ...people, left: 1 - people.right, right: 1 - people.left };
}

/** @param {Size} photo @param {Extent} seen @param {Size} canvas @param {Zone} zone @returns {Place} */
export function place(photo, seen, canvas, zone) {
  const people = seen.left < AT_EDGE && seen.right > 1 - AT_EDGE ? bust(seen) : seen;
  const above = people.top < AT_EDGE;
  const head = above ? 0 : Math.max(zone.top, MARGIN) * canvas.height;
  const cut = people.left < AT_EDGE && people.right > 1 - AT_EDGE;
  const stands = people.bottom < 1 - AT_EDGE && people.widest >= 1;
  const foot = stands ? Math.min(zone.bottom, 1 - MARGIN) * canvas.height : canvas.height;
  let scale = scaled(photo, people, canvas, zone, foot - head);
  if (above && people.bottom >= 1 - AT_EDGE) scale = Math.max(scale, canvas.height / photo.height);
  if (cut) scale = Math.max(scale, canvas.width / photo.width);
  const top = head - people.top * photo.height * scale;
  const y = above ? top : Math.max(foot - people.bottom * photo.height * scale, top);
  return { scale, x: across(photo, people, canvas, zone, scale), y };
}

/** @param {Extent} people @returns {Extent} as much of them as stands free, where that is enough */
function bust(people) {
  if (people.widest - people.top < BUST * (people.bottom - people.top)) return people;
  return { ...people, left: AT_EDGE, right: 1 - AT_EDGE, bottom: people.widest };
}

/** @param {Size} photo @param {Extent} people @param {Size} canvas @param {Zone} zone
 * @param {number} room */
function scaled(photo, people, canvas, zone, room) {
  const filling = Math.max(canvas.width / photo.width, canvas.height / photo.height);
  const height = Math.max(1, (people.bottom - people.top) * photo.height);
  const width = Math.max(1, (people.right - people.left) * photo.width);
  const wanted = Math.max(filling, Math.min((TALL * room) / height, NEARER * filling));
  return Math.min(wanted, room / height, (WIDE * (zone.right - zone.left) * canvas.width) / width);
}

/** @param {Size} photo @param {Extent} people @param {Size} canvas @param {Zone} zone
 * @param {number} scale */
function across(photo, people, canvas, zone, scale) {
  const centre = ((people.left + people.right) / 2) * photo.width * scale;
  const overflow = canvas.width - photo.width * scale;
  let x = ((zone.left + zone.right) / 2) * canvas.width - centre;
  if (people.right > 1 - AT_EDGE) x = people.left >= AT_EDGE ? Math.max(x, overflow) : Math.min(x, 0);
  if (people.left < AT_EDGE) x = people.right <= 1 - AT_EDGE ? Math.min(x, 0) : Math.min(Math.max(x, overflow), 0);
  return x;
}

/** A mask trembles from frame to frame, and a guest must not. */
const EASE_MS = 250;

/** @param {Place | null} before @param {Place} wanted @param {number} ms since then
 * @returns {Place} on the way from one to the other */
export function eased(before, wanted, ms) {
  if (!before) return wanted;
  const share = 1 - Math.exp(-ms / EASE_MS);
  const between = (/** @type {"scale" | "x" | "y"} */ of) => before[of] + share * (wanted[of] - before[of]);
  return { scale: between("scale"), x: between("x"), y: between("y") };
}
