import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { after, growing, repeat } from "../guest/pace.js";

/** How many listeners there are at the last of so many repetitions.
 * @param {AbortSignal} until @param {number} times */
function repeated(until, times) {
  return new Promise((resolve) => {
    let nth = 0;
    void repeat(1, until, async () => {
      nth += 1;
      if (nth === times) resolve(getEventListeners(until, "abort").length);
      return nth === times;
    });
  });
}

test("a situation that lasts collects no listener, however often something is repeated in it", async () => {
  const { signal } = new AbortController();
  assert.equal(await repeated(signal, 50), 0);
  assert.equal(getEventListeners(signal, "abort").length, 0);
});

test("what has happened after its time leaves no listener", async () => {
  const { signal } = new AbortController();
  await new Promise((resolve) => after(1, signal, () => resolve(null)));
  assert.equal(getEventListeners(signal, "abort").length, 0);
});

test("what waits ends with its situation", async () => {
  const end = new AbortController();
  let acts = 0;
  after(1, end.signal, () => (acts += 1));
  void repeat(1, end.signal, async () => (acts += 1) < 0);
  end.abort();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(acts, 1); // repeat begins at once
});

test("pauses double with each failure up to their longest, and the first success makes them short", () => {
  const pause = growing(20, 10000);
  assert.equal(pause.ms(), 20);
  const waited = Array.from({ length: 12 }, () => {
    pause.tell(false);
    return pause.ms();
  });
  assert.deepEqual(waited.slice(0, 3), [40, 80, 160]);
  assert.deepEqual(waited.slice(-3), [10000, 10000, 10000]);
  pause.tell(true);
  assert.equal(pause.ms(), 20);
});

test("what is repeated asks before each pause how long it is", async () => {
  const { signal } = new AbortController();
  /** @type {string[]} */
  const order = [];
  await new Promise((resolve) => {
    const ms = () => {
      order.push("pause");
      return 1;
    };
    void repeat(ms, signal, async () => {
      order.push("act");
      if (order.length < 5) return false;
      resolve(null);
      return true;
    });
  });
  assert.deepEqual(order, ["act", "pause", "act", "pause", "act"]);
});
