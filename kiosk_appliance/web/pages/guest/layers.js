// @ts-check
/**
 * A background of layers is one WebP: an animation of what is behind the guests and of what stands in
 * front of them, with a chunk `KIOS` (layout: RFC 9649, section 2). Bytes in, bytes out.
 */
import { EVERYWHERE } from "./placing.js";

/** Of the container and of each chunk in it. */
const HEADER = 12;
const CHUNK_HEADER = 8;
const HAS_ALPHA = 0x10;

/** @param {Uint8Array} file @returns {{kind: string, bytes: Uint8Array}[]} header and padding
 * included; of a file that is cut short, what is whole */
function chunks(file) {
  const found = [];
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = HEADER; at + CHUNK_HEADER <= file.length; ) {
    const kind = String.fromCharCode(...file.subarray(at, at + 4));
    const length = view.getUint32(at + 4, true);
    const next = at + CHUNK_HEADER + length + (length % 2);
    if (next > file.length) break;
    found.push({ kind, bytes: file.slice(at, next) });
    at = next;
  }
  return found;
}

/**
 * @param {Uint8Array} file a background's
 * @returns {Blob | null} what stands in front of the guests, transparent elsewhere, of the
 *   background's size; null: nothing does
 */
export function front(file) {
  const all = chunks(file);
  const layer = all.filter(({ kind }) => kind === "ANMF")[1];
  const canvas = all.find(({ kind }) => kind === "VP8X");
  const timing = all.find(({ kind }) => kind === "ANIM");
  if (!layer || !canvas || !timing || !all.some(({ kind }) => kind === "KIOS")) return null;
  canvas.bytes[CHUNK_HEADER] = (canvas.bytes[CHUNK_HEADER] ?? 0) | HAS_ALPHA;
  const parts = [canvas, timing, layer].map(({ bytes }) => /** @type {Uint8Array<ArrayBuffer>} */ (bytes));
  const header = new Uint8Array(file.slice(0, HEADER));
  const size = parts.reduce((sum, part) => sum + part.length, HEADER - CHUNK_HEADER);
  new DataView(header.buffer).setUint32(4, size, true);
  return new Blob([header, ...parts], { type: "image/webp" });
}

/** @param {Uint8Array} file a background's @returns {import("./placing.js").Zone} where on it people
 * look well; one that leaves no room is none */
export function zone(file) {
  const chunk = chunks(file).find(({ kind, bytes }) => kind === "KIOS" && bytes.length === CHUNK_HEADER + 4);
  if (!chunk) return EVERYWHERE;
  const [left, top, right, bottom] = /** @type {[number, number, number, number]} */ (
    Array.from(chunk.bytes.subarray(CHUNK_HEADER), (hundredths) => Math.min(hundredths, 100) / 100));
  return left < right && top < bottom ? { left, top, right, bottom } : EVERYWHERE;
}
