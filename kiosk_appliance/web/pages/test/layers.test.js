import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { front, zone } from "../guest/layers.js";

const ORIGINALS = new URL("../../../imaging/originals/", import.meta.url);
const read = async (name) => new Uint8Array(await readFile(new URL(`${name}.webp`, ORIGINALS)));
const kinds = (bytes) => [...Buffer.from(bytes).toString("latin1").matchAll(/RIFF|WEBP|VP8X|ANIM|ANMF|KIOS/g)].map(String);

test("what stands before the guests is taken out of a background of layers", async () => {
  const layer = new Uint8Array(await front(await read("plage")).arrayBuffer());
  assert.deepEqual(kinds(layer), ["RIFF", "WEBP", "VP8X", "ANIM", "ANMF"]);
  assert.equal(new DataView(layer.buffer).getUint32(4, true), layer.length - 8);
  assert.ok(layer.length < (await read("plage")).length);
});

test("a picture without layers has nothing in front, nor has one that is cut short or none at all", async () => {
  const beach = await read("plage");
  assert.equal(front(await read("confettis")), null);
  assert.equal(front(beach.slice(0, beach.length / 2)), null);
  assert.equal(front(new Uint8Array(5)), null);
});

/** @param {number[]} hundredths @returns {Uint8Array} a file of nothing but a zone */
const zoned = (hundredths) => {
  const file = new Uint8Array(20 + hundredths.length);
  file.set(Buffer.from("RIFF....WEBPKIOS"));
  file[16] = hundredths.length;
  file.set(hundredths, 20);
  return file;
};
const everywhere = { left: 0, top: 0.06, right: 1, bottom: 1 };

test("a background says where people look well on it; one that leaves no room or says nothing: everywhere", async () => {
  assert.deepEqual(zone(zoned([20, 10, 80, 200])), { left: 0.2, top: 0.1, right: 0.8, bottom: 1 });
  assert.deepEqual(zone(zoned([80, 10, 20, 100])), everywhere);
  assert.deepEqual(zone(zoned([20, 10])), everywhere);
  assert.deepEqual(zone(await read("confettis")), everywhere);
});
