// @ts-check
/** The photo is taken: the guest decides, the page brings it to safety. */
import { html, useLayoutEffect, useState } from "../../vendor/ui.js";
import { sentence } from "../messages.js";
import { unmade } from "../model.js";
import { needsStaff } from "../problems.js";
import { Button, PhotoPrint, Screen, Working } from "./parts.js";

/** @typedef {import("./parts.js").ScreenProps} ScreenProps
 * @typedef {import("../model.js").Visit} Visit */

/** Longer than this nobody takes white for a flash. */
const WHITE_MS = 900;

/** The white gives way to the finished picture; where that takes long, to its being made.
 * @param {boolean} waits @returns {boolean} is all of the screen still white? */
function useWhite(waits) {
  const [late, giveWay] = useState(false);
  useLayoutEffect(() => {
    const timer = setTimeout(() => giveWay(true), WHITE_MS);
    return () => clearTimeout(timer);
  }, []);
  return waits && !late;
}

/** @param {ScreenProps & {visit: Extract<Visit, {at: "review"}>}} props */
export function Review({ t, say, visit }) {
  const waits = unmade(visit) !== null;
  const white = useWhite(waits);
  const hero = html`<${PhotoPrint} visit=${visit} alt=${t.photo} unseen=${white} />`;
  return html`
    <${Screen} at="review" title=${waits && !white ? t.making : t.review} hero=${hero}
      lead=${visit.photo.made?.framed ? `${t.framed} ${t.reviewMore}` : t.reviewMore}>
      <div class="actions">
        <${Button} disabled=${visit.retakes === 0} onTap=${() => say({ type: "retake" })}>${t.retake}<//>
        <${Button} look="main" icon="check"
          onTap=${() => say({ type: "keep", key: crypto.randomUUID() })}>${t.keep}<//>
      </div>
      <div class="actions aside">
        <p class="notice">${t.retakesLeft(visit.retakes)}</p>
        <${Button} look="quiet" onTap=${() => say({ type: "wipe" })}>${t.leave}<//>
      </div>
    <//>
    <div class="flash ${white ? "" : "fading"}"></div>`;
}

/** @param {ScreenProps & {visit: Extract<Visit, {at: "saving"}>}} props */
export function Saving({ t, say, visit }) {
  const { problem } = visit;
  const hero = html`<${PhotoPrint} visit=${visit} alt=${t.photo} />`;
  if (!problem) {
    return html`<${Screen} at="saving" title=${t.saving} lead=${t.savingMore} hero=${hero}>
      <${Working} />
    <//>`;
  }
  const what = sentence(t.saveProblems, problem.code);
  const lead = problem.remedy === "retake" ? what : html`${what} <strong>${t.photoSafe}</strong>`;
  const title = problem.remedy === "auto" && !needsStaff(problem.code) ? t.wait : t.notSaved;
  return html`
    <${Screen} at="saving" title=${title} lead=${lead} hero=${hero}>
      <div class="actions">
        <${Button} icon="close" onTap=${() => say({ type: "wipe" })}>${t.leave}<//>
        ${{
          auto: html`<${Button} look="main" onTap=${() => say({ type: "retry" })}>${t.retry}<//>`,
          retry: html`<${Button} look="main" onTap=${() => say({ type: "retry" })}>${t.retry}<//>`,
          retake: html`<${Button} look="main" onTap=${() => say({ type: "retake" })}>${t.retakeNow}<//>`,
          plain: html`<${Button} look="main"
            onTap=${() => say({ type: "keepPlain", key: crypto.randomUUID() })}>${t.keepPlain}<//>`,
        }[problem.remedy]}
      </div>
    <//>`;
}
