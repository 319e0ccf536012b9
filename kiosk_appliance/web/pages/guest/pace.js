// @ts-check
/** Timers that end with their situation. */

/** @param {number} ms @param {AbortSignal} until @param {() => void} act */
export function after(ms, until, act) {
  const timer = setTimeout(act, ms);
  until.addEventListener("abort", () => clearTimeout(timer), { once: true });
}

/** Repeats `act`, one at a time, until it answers true or the signal is aborted.
 * @param {number} ms @param {AbortSignal} until @param {() => Promise<boolean>} act */
export async function repeat(ms, until, act) {
  if (until.aborted || (await act()) || until.aborted) return;
  const timer = setTimeout(() => repeat(ms, until, act), ms);
  until.addEventListener("abort", () => clearTimeout(timer), { once: true });
}
