// @ts-check
/** The photo is taken: the guest decides, the page brings it to safety. */
import { html } from "../../vendor/ui.js";
import { sentence } from "../messages.js";
import { needsStaff } from "../problems.js";
import { Button, PhotoPrint, Screen } from "./parts.js";

/** @typedef {import("./parts.js").ScreenProps} ScreenProps
 * @typedef {import("../model.js").Visit} Visit */

/** @param {ScreenProps & {visit: Extract<Visit, {at: "review"}>}} props */
export function Review({ t, say, visit }) {
  const hero = html`<${PhotoPrint} photo=${visit.photo} background=${visit.background} alt=${t.photo} />`;
  return html`
    <${Screen} at="review" title=${t.review} lead=${t.reviewMore} hero=${hero}>
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
    <div class="flash fading"></div>`;
}

/** @param {ScreenProps & {visit: Extract<Visit, {at: "saving"}>}} props */
export function Saving({ t, say, visit }) {
  const { problem, photo, background } = visit;
  const hero = html`<${PhotoPrint} photo=${photo} background=${background} alt=${t.photo} />`;
  if (!problem) {
    return html`<${Screen} at="saving" title=${t.saving} lead=${t.savingMore} hero=${hero}>
      <div class="working" aria-hidden="true"><i></i><i></i><i></i></div>
    <//>`;
  }
  const lead = html`${sentence(t.saveProblems, problem.code)} <strong>${t.photoSafe}</strong>`;
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
