// @ts-check
/** The guest before her backdrop: live from the mirror, or once from her photo. */
import { html, useLayoutEffect, useRef, useState } from "../../vendor/ui.js";
import { mask } from "../api.js";
import { cutOut } from "../cutout.js";
import { repeat } from "../pace.js";

/** @typedef {import("../cutout.js").Frame} Frame */

const LIVE_MS = 60;
const AGAIN_MS = 800;

/** @param {Element | null} source @returns {Frame | null} null while there is no picture in it */
function frameOf(source) {
  if (source instanceof HTMLVideoElement && source.videoWidth > 0) {
    return { source, width: source.videoWidth, height: source.videoHeight };
  }
  if (source instanceof HTMLImageElement && source.complete && source.naturalWidth > 0) {
    return { source, width: source.naturalWidth, height: source.naturalHeight };
  }
  return null;
}

/**
 * Lies over the picture that it cuts out, and hides that once there is something to see.
 * @param {{of: string, live: boolean}} props `of`: which picture inside the print
 */
export function Cut({ of, live }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const [drawn, draw] = useState(false);
  useLayoutEffect(() => {
    const end = new AbortController();
    void repeat(live ? LIVE_MS : AGAIN_MS, end.signal, async () => {
      const target = canvas.current;
      const frame = frameOf(target?.parentElement?.querySelector(of) ?? null);
      if (!target || !frame || !(await cutOut(frame, target, mask, end.signal))) return false;
      draw(true);
      return !live;
    });
    return () => end.abort();
  }, []);
  return html`<canvas ref=${canvas} class="picture cut ${live ? "mirror" : ""}" data-drawn=${drawn} aria-hidden="true" />`;
}
