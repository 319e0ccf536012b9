// What the pages may use of their dependencies; `build.mjs` bundles it into vendor/ui.js.
export { render } from "preact";
export { useLayoutEffect, useRef, useState } from "preact/hooks";
export { html } from "htm/preact";
export { signal } from "@preact/signals";
