import assert from "node:assert/strict";
import { test } from "node:test";
import { contrast, palette } from "../guest/colour.js";

test("contrast is that of WCAG", () => {
  assert.equal(contrast("#000000", "#ffffff"), 21);
  assert.ok(Math.abs(contrast("#767676", "#ffffff") - 4.54) < 0.01);
});

test("whatever colour the operator chooses, words on it and on its turned button can be read", () => {
  const steps = ["00", "33", "66", "99", "cc", "ff"];
  for (const red of steps) for (const green of steps) for (const blue of steps) {
    const colours = palette(`#${red}${green}${blue}`);
    assert.ok(contrast(colours["--tint"], colours["--on-tint"]) >= 4.5, JSON.stringify(colours));
    assert.ok(contrast(colours["--turned"], colours["--on-turned"]) >= 4.5, JSON.stringify(colours));
  }
});
