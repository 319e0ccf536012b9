// The types of vendor-entry.js; `build.mjs` puts it beside the bundle.
export { render } from "preact";
export { useLayoutEffect, useRef, useState } from "preact/hooks";
export { signal } from "@preact/signals";
export { html } from "htm/preact";
