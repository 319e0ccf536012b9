// @ts-check
/** The attract screen's deck of prints: what a photo looks like here, one backdrop after the other. */
import { html, useLayoutEffect, useState } from "../../vendor/ui.js";
import { cutsOut } from "../model.js";
import { Print } from "./parts.js";
import { PORTRAITS, Portrait } from "./strip.js";

/** @typedef {import("../model.js").Background} Background */

const TURN_MS = 3600;
const MOST = 6;

/** @param {{backgrounds: Background[]}} props */
export function Showcase({ backgrounds }) {
  const [front, turn] = useState(0);
  /** @type {(Background | null)[]} */
  const deck = [...backgrounds.slice(0, MOST - 1), null];
  while (deck.length < PORTRAITS) deck.push(null);
  useLayoutEffect(() => {
    // Who asks for less motion sees the first print only.
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return undefined;
    const timer = setInterval(() => turn((now) => now + 1), TURN_MS);
    return () => clearInterval(timer);
  }, []);
  return html`
    <div class="deck" aria-hidden="true">
      ${deck.map((background, nth) => {
        const place = (((nth - front) % deck.length) + deck.length) % deck.length;
        const where = place === deck.length - 1 ? "gone" : String(Math.min(place, 3));
        return html`<div class="sheaf" key=${nth} data-place=${where}>
          <${Print} background=${background} shape=${4 / 5}><${Portrait} nth=${nth % PORTRAITS} bare=${background !== null && cutsOut(background)} /><//>
        </div>`;
      })}
    </div>`;
}
