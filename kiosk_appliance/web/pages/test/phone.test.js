import assert from "node:assert/strict";
import { test } from "node:test";
import { barred, display, international, masked, plausible } from "../guest/phone.js";

const FR = { region: "FR", calling: "33" };
const BE = { region: "BE", calling: "32" };
const IT = { region: "IT", calling: "39" };

const shown = (typed, country = FR) => display(typed, country).replaceAll("\u00a0", " ");

test("a French number is shown as French people write it, while it is typed", () => {
  assert.deepEqual(["0", "06", "061", "0612345678"].map((one) => shown(one)), ["0", "06", "06 1", "06 12 34 56 78"]);
  assert.equal(shown("+33612345678"), "+33 6 12 34 56 78");
});

test("a foreign number keeps its calling code together, and is grouped as at home or evenly", () => {
  assert.deepEqual(["+", "+3", "+32", "+32470123456", "+352621123456", "+12025550123", "+4915123456789", "+351912345678"].map((one) => shown(one)),
    ["+", "+3", "+32", "+32 470 12 34 56", "+352 621 123 456", "+1 202 555 0123", "+49 1512 3456 789", "+351 912 345 678"]);
  assert.deepEqual(["00", "0032", "0032470123456", "+3", "+35891234567"].map((one) => shown(one)),
    ["00", "00 32", "00 32 470 12 34 56", "+3", "+358 912 345 67"]);
  assert.deepEqual([shown("0470123456", BE), shown("3123456789", IT), shown("621123456", { region: "LU", calling: "352" })],
    ["0470 12 34 56", "312 345 6789", "621 123 456"]);
});

test("the 0 that many say after their country's code stays with the group that it belongs to", () => {
  assert.deepEqual(["+330", "+3306", "+330612345678", "00330612345678", "+4407911123456"].map((one) => shown(one)),
    ["+33 0", "+33 06", "+33 06 12 34 56 78", "00 33 06 12 34 56 78", "+44 07911 123456"]);
  assert.equal(masked("+330612345678", FR).replaceAll("\u00a0", " "), "+33 06 •• •• •• 78");
});

test("no number ends in a digit that stands alone", () => {
  assert.deepEqual([4, 5, 6, 7, 8].map((length) => shown(`+358${"9".repeat(length)}`)),
    ["+358 9999", "+358 999 99", "+358 999 999", "+358 999 9999", "+358 999 999 99"]);
});

test("a country that gets no SMS is known by its calling code, and no sooner", () => {
  assert.deepEqual(["", "0612345678", "+", "+3", "+33", "+32", "0032", "+35", "+352", "+1"].map((one) => barred(one, [FR])),
    [false, false, false, false, false, true, true, false, true, true]);
  assert.equal(barred("+32470", [FR, BE]), false);
});

test("what is sent is what the pad says: 06 is +33 6", () => {
  assert.equal(international("0612345678", FR), "+33612345678");
  assert.equal(international("+32470123456", FR), "+32470123456");
  assert.equal(international("0032470123456", BE), "0032470123456");
  assert.equal(international("0470123456", BE), "+32470123456");
  assert.equal(international("0612345678", IT), "+390612345678");
});

test("only a number that could be one is worth asking about", () => {
  assert.deepEqual(["", "0", "061234567", "0612345678", "+33", "+32470123456"].map((one) => plausible(one, FR)),
    [false, false, false, true, false, true]);
});

test("a forgotten zero and a digit too many are asked about, not met by silence", () => {
  assert.deepEqual(["61234567", "612345678", "06123456789", "1234567890"].map((one) => plausible(one, FR)),
    [false, true, true, true]);
  assert.equal(international("612345678", FR), "+33612345678");
});

test("the masked number can be recognised and not read", () => {
  assert.equal(masked("0612345678", FR).replaceAll("\u00a0", " "), "06 •• •• •• 78");
  assert.equal(masked("+33612345678", FR).replaceAll("\u00a0", " "), "+33 6 •• •• •• 78");
});
