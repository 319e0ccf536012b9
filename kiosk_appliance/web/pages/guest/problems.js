// @ts-check
/**
 * From the appliance's refusal to what can be done about it. Pure; the sentences stand in the
 * message files under the same codes.
 */

/** @typedef {import("./model.js").Problem} Problem
 * @typedef {import("./model.js").Remedy} Remedy */

/** @type {Record<string, Remedy>} */
const REMEDIES = {
  unreachable: "auto",
  overloaded: "auto",
  "rate-limited": "auto",
  "internal-error": "retry",
  "insufficient-storage": "auto",
  "storage-failed": "retry",
  "background-unknown": "plain",
  "photo-unreadable": "retake",
  "photo-too-large": "retake",
  "photo-too-many-pixels": "retake",
  "unsupported-media-type": "retake",
};

/** What nobody but the staff can end, however long it takes. */
const FOR_STAFF = new Set(["insufficient-storage", "storage-failed"]);

/** @param {string} code @returns {boolean} */
export const needsStaff = (code) => FOR_STAFF.has(code);

/** Waiting shorter only loads a busy appliance, waiting longer only bores the guest. */
const SHORTEST_MS = 1500;
const LONGEST_MS = 10000;

/** @param {{code: string, wait_ms: number}} failure @returns {Problem} */
export function problemOf({ code, wait_ms }) {
  const wait = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, wait_ms));
  return { code, remedy: REMEDIES[code] ?? "retry", wait_ms: wait };
}
