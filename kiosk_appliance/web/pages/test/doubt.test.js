import assert from "node:assert/strict";
import { test } from "node:test";
import { doubts } from "../guest/doubt.js";

/** How many of so many masks are doubted. @param {ReturnType<typeof doubts>} doubted @param {number} times */
const among = (doubted, times) => Array.from({ length: times }, () => doubted(false)).filter(Boolean).length;

test("whoever is seen raises no doubt", () => {
  const doubted = doubts();
  assert.equal(Array.from({ length: 1000 }, () => doubted(true)).some(Boolean), false);
});

test("a few masks without anybody are no reason to ask, a row of them is", () => {
  const doubted = doubts();
  assert.equal(among(doubted, 9), 0);
  assert.equal(doubted(false), true);
});

test("while nobody comes it is asked ever more rarely, and anew once somebody was there", () => {
  const doubted = doubts();
  assert.equal(among(doubted, 10), 1);
  assert.equal(among(doubted, 20), 1);
  assert.equal(among(doubted, 40), 1);
  // A kiosk that looks at an empty room for an hour, twenty times a second.
  assert.ok(among(doubted, 72000) < 200);
  assert.equal(doubted(true), false);
  assert.equal(among(doubted, 10), 1);
});
