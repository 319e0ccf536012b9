// @ts-check
/**
 * Timers that end with their situation, and leave nothing with one that lasts for days; marks of
 * when something was done.
 */

/** For whoever measures: the newest of each, in the browser's own timeline. @param {string} what */
export function mark(what) {
  performance.clearMarks(what);
  performance.mark(what);
}

/** @param {number} ms @param {AbortSignal} until @param {() => void} act */
export function after(ms, until, act) {
  const cancel = () => clearTimeout(timer);
  const timer = setTimeout(() => {
    until.removeEventListener("abort", cancel);
    act();
  }, ms);
  until.addEventListener("abort", cancel, { once: true });
}

/** Repeats `act`, one at a time, until it answers true or the signal is aborted.
 * @param {number | (() => number)} ms @param {AbortSignal} until @param {() => Promise<boolean>} act */
export async function repeat(ms, until, act) {
  if (until.aborted || (await act()) || until.aborted) return;
  after(typeof ms === "number" ? ms : ms(), until, () => void repeat(ms, until, act));
}

/** A pause that doubles with each failure it is told of, and is short again after a success.
 * @param {number} shortest @param {number} longest */
export function growing(shortest, longest) {
  let now = shortest;
  return {
    ms: () => now,
    /** @param {boolean} done */
    tell(done) {
      now = done ? shortest : Math.min(longest, 2 * now);
    },
  };
}
