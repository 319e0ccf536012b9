// @ts-check
/** The password. */
import { html, useState } from "../../vendor/ui.js";
import * as api from "../api.js";
import { Button, Field, Section } from "../parts.js";
import { session, tell } from "../state.js";
import { problem, t } from "../words.js";
import { fieldsOf, wrongOf } from "./entrance.js";

export function Account() {
  const [wrong, setWrong] = useState({ current: "", fresh: "" });
  const submit = async (/** @type {SubmitEvent} */ event) => {
    const { current, fresh } = fieldsOf(event);
    const answer = await api.call("PUT", "/admin/password", { json: { current, new: fresh } });
    if (answer.ok) {
      tell(t().passwordChanged);
      session.value = "out";
      return;
    }
    const isCurrent = answer.code === "forbidden";
    setWrong({ current: isCurrent ? problem(answer) : "", fresh: isCurrent ? "" : wrongOf(answer, "new") || problem(answer) });
  };
  return html`<${Section} title=${t().changePassword}><p class="hint">${t().passwordLead}</p>
    <form class="door" onSubmit=${submit}>
      <input type="hidden" name="username" autocomplete="username" value="admin" />
      <${Field} label=${t().currentPassword} wrong=${wrong.current}><input name="current" type="password" required autocomplete="current-password" /><//>
      <${Field} label=${t().newPassword} help=${t().passwordHelp} wrong=${wrong.fresh}><input name="fresh" type="password" required minlength="12" autocomplete="new-password" /><//>
      <${Button} type="submit" look="main">${t().changePassword}<//>
    </form><//>`;
}
