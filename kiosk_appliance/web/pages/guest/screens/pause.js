// @ts-check
/** Instead of the invitation or the studio: a photo taken now could not be kept, and who can help. */
import { html } from "../../vendor/ui.js";
import { sentence } from "../messages.js";
import { Languages } from "./comfort.js";
import { Button, Screen } from "./parts.js";
import { Strip } from "./strip.js";

/** @param {import("./parts.js").ScreenProps & {obstacle: string}} props */
export function Pause(props) {
  const { model, t, say, obstacle } = props;
  const lead = html`${sentence(t.pauseHelp, obstacle)} <strong>${sentence(t.pauseStaff, obstacle)}</strong>`;
  const hero = html`<div class="poster"><${Strip} /></div>`;
  return html`
    <${Screen} at="pause" title=${sentence(t.pauseTitle, obstacle)} lead=${lead} hero=${hero}>
      <p class="notice">${t.pauseMore}</p>
      ${model.visit.at === "attract"
        ? html`<${Languages} ...${props} />`
        : html`<div class="actions">
            <${Button} icon="close" onTap=${() => say({ type: "wipe" })}>${t.leave}<//>
          </div>`}
    <//>`;
}
