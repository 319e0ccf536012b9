// @ts-check
/** Between two guests: an invitation, who keeps what for how long, and the choice of language. */
import { html } from "../../vendor/ui.js";
import { typeset } from "../messages.js";
import { Languages } from "./comfort.js";
import { Button, Screen } from "./parts.js";
import { Showcase } from "./showcase.js";

/** @param {import("./parts.js").ScreenProps} props */
export function Attract(props) {
  const { model, t, say } = props;
  const { config, language } = model;
  if (!config) return null;
  const start = () => say({ type: "start" });
  const welcome = language === config.language ? typeset(config.welcome_message, language) : "";
  const notice = config.retention_enabled ? t.privacy(config.retention_days) : t.privacyWithoutEnd;
  const hero = html`<button type="button" class="poster" tabindex="-1" aria-hidden="true"
    onClick=${start}><${Showcase} backgrounds=${model.backgrounds} /></button>`;
  return html`
    <${Screen} at="attract" logo=${config.logo} title=${welcome || t.welcome} hero=${hero}>
      <${Button} look="main" onTap=${start}>${t.start}<//>
      <p class="notice">${notice}</p>
      <${Languages} ...${props} />
    <//>`;
}
