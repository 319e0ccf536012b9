import assert from "node:assert/strict";
import { test } from "node:test";
import { display, international, masked, plausible } from "../guest/phone.js";

const shown = (typed) => display(typed).replaceAll("\u00a0", " ");

const FR = { region: "FR", calling: "33" };
const BE = { region: "BE", calling: "32" };
const IT = { region: "IT", calling: "39" };

test("a French number is shown as French people write it, while it is typed", () => {
  assert.deepEqual(["0", "06", "061", "0612345678"].map(shown), ["0", "06", "06 1", "06 12 34 56 78"]);
  assert.equal(shown("+33612345678"), "+33 6 12 34 56 78");
});

test("a foreign number keeps its calling code together", () => {
  assert.deepEqual(["+", "+3", "+32", "+32470123456", "+352621123456", "+12025550123"].map(shown),
    ["+", "+3", "+32", "+32 47 01 23 45 6", "+352 62 11 23 45 6", "+1 20 25 55 01 23"]);
});

test("what is sent is what the pad says: 06 is +33 6", () => {
  assert.equal(international("0612345678", FR), "+33612345678");
  assert.equal(international("+32470123456", FR), "+32470123456");
  assert.equal(international("0032470123456", BE), "0032470123456");
  assert.equal(international("0470123456", BE), "+32470123456");
  assert.equal(international("0612345678", IT), "+390612345678");
});

test("only a number that could be one is worth asking about", () => {
  assert.deepEqual(["", "0", "061234567", "0612345678", "+33", "+32470123456", "6123456789"].map((one) => plausible(one, FR)),
    [false, false, false, true, false, true, false]);
});

test("the masked number can be recognised and not read", () => {
  assert.equal(masked("0612345678", FR).replaceAll("\u00a0", " "), "06 •• •• •• 78");
  assert.equal(masked("+33612345678", FR).replaceAll("\u00a0", " "), "+33 6 •• •• •• 78");
});
