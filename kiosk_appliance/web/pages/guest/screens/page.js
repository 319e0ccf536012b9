// @ts-check
/** Which screen belongs to which state, and what lies over every screen. */
import { html, useLayoutEffect, useRef } from "../../vendor/ui.js";
import { coarse } from "../camera.js";
import { sentence } from "../messages.js";
import { asksAhead, unmade } from "../model.js";
import { layUnderFinger } from "../touches.js";
import { Attract } from "./attract.js";
import { Bar } from "./comfort.js";
import { Consent } from "./consent.js";
import { Confirm, Dial } from "./dial.js";
import { Button, useModal } from "./parts.js";
import { Pause } from "./pause.js";
import { Ready, Result, Thanks } from "./ready.js";
import { Review, Saving } from "./review.js";
import { Studio } from "./studio.js";

/** @typedef {import("./parts.js").ScreenProps} ScreenProps
 * @typedef {import("../model.js").Visit} Visit */

/** @type {Record<Visit["at"], (props: any) => unknown>} each takes ScreenProps and its visit; exported
 * for whoever asks which states there are */
export const SCREENS = {
  attract: Attract,
  consent: Consent,
  choose: Studio,
  countdown: Studio,
  shooting: Studio,
  review: Review,
  saving: Saving,
  ready: Ready,
  dial: Dial,
  confirm: Confirm,
  sending: Confirm,
  result: Result,
  thanks: Thanks,
};

/** @param {string} title @param {string} more @returns {string} both, with the pause between them */
const spoken = (title, more) => `${title}${/[.…!?]$/.test(title) ? "" : "."} ${more}`;

/** @param {ScreenProps} props @returns {string} what a screen reader says without being asked */
function announcement({ model: { visit, server, camera, obstacle }, t }) {
  if (obstacle && asksAhead(visit)) {
    return spoken(sentence(t.pauseTitle, obstacle), sentence(t.pauseStaff, obstacle));
  }
  switch (visit.at) {
    case "attract":
      return server === "down" ? spoken(t.wait, t.waitMore) : "";
    case "choose":
      if (camera in t.cameraTitle) return spoken(sentence(t.cameraTitle, camera), sentence(t.cameraHelp, camera));
      return camera === "on" && coarse() ? t.cameraCoarse : "";
    case "countdown":
      return String(visit.left);
    case "review":
      return unmade(visit) === null ? "" : t.making;
    case "saving":
      return visit.problem ? sentence(t.saveProblems, visit.problem.code) : t.saving;
    case "ready":
      return visit.notice ? sentence(t.smsProblems, visit.notice) : t.link[visit.link];
    case "dial":
      return visit.refusal ? sentence(t.numberProblems, visit.refusal) : "";
    case "sending":
      if (!visit.problem) return t.sending;
      return visit.problem.remedy === "auto" ? spoken(t.wait, t.waitMore) : spoken(t.sendProblem, t.sendProblemMore);
    case "result":
      return spoken(t.sms[visit.sms], t.smsMore[visit.sms]);
    default:
      return "";
  }
}

/** @param {ScreenProps & {left: number}} props */
function StillThere({ t, say, left }) {
  const dialog = useModal();
  const stay = () => say({ type: "stay" });
  return html`
    <dialog ref=${dialog} class="still" aria-labelledby="still-title" aria-describedby="still-more" onClick=${stay} onCancel=${stay}>
      <h2 id="still-title">${t.stillThere}</h2>
      <p class="lead" id="still-more">${t.stillThereMore(left)}</p>
      <${Button} look="main" onTap=${stay}>${t.stay}<//>
    </dialog>`;
}

/** @param {{t: ScreenProps["t"]}} props */
const Wait = ({ t }) => html`
  <main class="screen" data-state="wait">
    <header class="title"><h1>${t.wait}</h1><p class="lead">${t.waitMore}</p></header>
  </main>`;

/** The second of two taps falls on nothing, as long as a slow double tap may take: neither on what the
 * first has brought, nor on the button that it has switched. */
function Shield() {
  const shield = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => {
    if (shield.current) layUnderFinger(shield.current);
  }, []);
  return html`<div ref=${shield} class="shield" aria-hidden="true"></div>`;
}

/** @param {ScreenProps} props */
function Present(props) {
  const { visit, obstacle } = props.model;
  if (obstacle && asksAhead(visit)) return html`<${Pause} ...${props} obstacle=${obstacle} />`;
  const Shown = SCREENS[visit.at];
  // One key for the camera's three states: its preview must not blink between them.
  const key = Shown === Studio ? "studio" : visit.at;
  return html`<${Shown} key=${key} ...${props} visit=${visit} />`;
}

/** @param {ScreenProps} props */
export function Page(props) {
  const { model, t } = props;
  const { visit, warning } = model;
  const away = model.config === null || (visit.at === "attract" && model.server === "down");
  return html`
    ${away ? html`<${Wait} t=${t} />` : html`<${Present} ...${props} />`}
    <${Bar} key=${visit.at === "attract"} ...${props} />
    <${Shield} key=${`shield ${visit.at} ${Object.values(props.model.comfort).join()}`} />
    <p class="unseen" role="status">${announcement(props)}</p>
    ${warning !== null && html`<${StillThere} ...${props} left=${warning} />`}`;
}
