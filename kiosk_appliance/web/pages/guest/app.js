// @ts-check
/** Puts the page together: one model, one way to change it, one place where it is drawn. */
import { html, render, signal } from "../vendor/ui.js";
import { palette } from "./colour.js";
import { onDuty } from "./duties.js";
import { readyJpeg } from "./jpeg.js";
import { reduce } from "./machine.js";
import { messagesFor } from "./messages.js";
import { initial } from "./model.js";
import { bringPictures } from "./pictures.js";
import { askedLanguage } from "./presence.js";
import { Page } from "./screens/page.js";
import { notePresses, readFingers } from "./touches.js";

/** @typedef {import("./model.js").Event} Event */

const model = signal(initial(askedLanguage()));

/** Events said while one is being handled wait for their turn. @type {Event[]} */
const queue = [];
let busy = false;

/** @param {Event} event */
function say(event) {
  queue.push(event);
  if (busy) return;
  busy = true;
  for (let next = queue.shift(); next; next = queue.shift()) {
    model.value = reduce(model.value, next);
    dress(document.documentElement, model.value);
    attend(model.value);
  }
  busy = false;
}

/** What holds for the whole document. @param {HTMLElement} root @param {import("./model.js").Model} model */
function dress(root, { language, comfort, config }) {
  root.lang = language;
  root.dataset["contrast"] = comfort.contrast ? "more" : "";
  root.dataset["reach"] = comfort.low ? "low" : "";
  root.style.setProperty("--text-scale", String([1, 1.4, 2][comfort.size]));
  if (!config) return;
  for (const [name, value] of Object.entries(palette(config.colour))) root.style.setProperty(name, value);
}

const attend = onDuty(say);

/** The browser keeps a list of every address asked for, guests' links among them. */
performance.setResourceTimingBufferSize(0);
performance.clearResourceTimings();

/** Neither back nor forward brings a guest's screen to somebody else: it is empty before the browser
 * keeps it, and what the browser kept begins anew. */
addEventListener("pagehide", () => say({ type: "wipe" }));
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());

bringPictures(document);
readyJpeg();
notePresses();
readFingers();

/** A long press, a drag or a pinch must not open anything of the browser's. */
for (const gesture of ["contextmenu", "dragstart", "gesturestart"]) {
  addEventListener(gesture, (event) => event.preventDefault());
}

const App = () =>
  html`<${Page} model=${model.value} t=${messagesFor(model.value.language)} say=${say} />`;

dress(document.documentElement, model.value);
render(html`<${App} />`, /** @type {Element} */ (document.querySelector("#page")));
attend(model.value);
