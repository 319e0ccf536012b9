import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { eased, extent, mirrored, place } from "../guest/placing.js";

/** Written by the appliance's own rule: `python -m tests.parts.placings`. */
const table = JSON.parse(await readFile(new URL("placing.json", import.meta.url), "utf-8"));
const SIDE = 256;

/** @param {number} one @param {number} other @param {unknown} about */
const same = (one, other, about) => assert.ok(Math.abs(one - other) < 1e-5, `${one} ${other} ${JSON.stringify(about)}`);

test("the page places people where the appliance does", () => {
  assert.ok(table.places.length > 100);
  for (const { photo, people, canvas, zone, place: wanted } of table.places) {
    const found = place(photo, people, canvas, zone);
    for (const of of ["scale", "x", "y"]) same(found[of], wanted[of], { of, photo, people, canvas, zone });
  }
});

test("the page sees people where the appliance does", () => {
  for (const { boxes, people: wanted } of table.extents) {
    const pixels = new Uint8ClampedArray(4 * SIDE * SIDE);
    for (const [left, top, right, bottom, opacity] of boxes) {
      for (let y = top; y < bottom; y += 1) for (let x = left; x < right; x += 1) pixels[4 * (y * SIDE + x) + 3] = opacity;
    }
    const found = extent(pixels, SIDE);
    for (const of of Object.keys(wanted)) same(found[of], wanted[of], { of, boxes });
  }
});

test("where nobody is there is no extent", () => {
  assert.equal(extent(new Uint8ClampedArray(4 * SIDE * SIDE), SIDE), null);
});

test("in a mirror whoever is cut off on the left is so on the right", () => {
  const people = { left: 0, top: 0.2, right: 0.4, bottom: 1, widest: 0.7 };
  assert.deepEqual(mirrored(people), { ...people, left: 0.6, right: 1 });
  assert.deepEqual(mirrored(mirrored(people)), people);
});

test("a mask that trembles does not shake the guest, and she comes to where she belongs", () => {
  const wanted = { scale: 1, x: 100, y: 50 };
  assert.deepEqual(eased(null, wanted, 16), wanted);
  let now = wanted;
  let most = 0;
  for (let frame = 0; frame < 100; frame += 1) {
    now = eased(now, { ...wanted, x: 100 + (frame % 2 ? 10 : -10) }, 50);
    most = Math.max(most, Math.abs(now.x - 100));
  }
  assert.ok(most < 3, String(most));
  for (let frame = 0; frame < 40; frame += 1) now = eased(now, { scale: 2, x: 0, y: 0 }, 50);
  for (const [of, at] of [["scale", 2], ["x", 0], ["y", 0]]) assert.ok(Math.abs(now[of] - at) < 0.1);
});
