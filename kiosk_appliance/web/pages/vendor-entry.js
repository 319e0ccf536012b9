// What the pages may use of their dependencies; `build.mjs` bundles it into vendor/ui.js.
import htm from "htm";
import { h } from "preact";

export { render } from "preact";
export { useLayoutEffect, useRef, useState } from "preact/hooks";
export { signal } from "@preact/signals";

/** Makes elements anew each time. htm would keep those in which nothing changes, and through their
 * parents whatever stood around them when they were drawn first: a guest's visit. */
export const html = htm.bind(function (...element) {
  this[0] = 3; // htm's switch for it
  return h(...element);
});
