// @ts-check
/** The way in: the first password, by the code of the log, and the login. */
import { html, useState } from "../../vendor/ui.js";
import * as api from "../api.js";
import { Button, Field } from "../parts.js";
import { session, tell } from "../state.js";
import { problem, t } from "../words.js";

/** @param {SubmitEvent} event @returns {Record<string, string>} what the form holds */
export function fieldsOf(event) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.currentTarget);
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
}

/** @param {import("../api.js").Failure} failure @param {string} field @returns {string} */
export const wrongOf = (failure, field) => failure.errors.filter((one) => one.field === field).map((one) => one.message).join(" ");

/** Where typing begins. @param {HTMLInputElement | null} field */
const first = (field) => field?.focus();

export function FirstStart() {
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (/** @type {SubmitEvent} */ event) => {
    const { code, password } = fieldsOf(event);
    setBusy(true);
    const answer = await api.call("POST", "/admin/setup", { json: { code, password } });
    setBusy(false);
    if (answer.ok) tell(t().setupDone);
    // Somebody else was faster: there is a password.
    if (answer.ok || answer.status === 404) session.value = "out";
    else setWrong(answer.status === 401 ? t().setupWrong : wrongOf(answer, "password") || problem(answer));
  };
  return html`
    <form class="card door" onSubmit=${submit}>
      <h1>${t().firstTitle}</h1>
      <p class="hint">${t().firstLead}</p>
      <${Field} label=${t().code}><input name="code" ref=${first} required autocomplete="one-time-code" autocapitalize="characters" spellcheck=${false} /><//>
      <${Field} label=${t().newPassword} help=${t().passwordHelp}><input name="password" type="password" required minlength="12" autocomplete="new-password" /><//>
      <p class="refusal" role="alert">${wrong}</p>
      <${Button} type="submit" look="main" busy=${busy}>${t().setPassword}<//>
    </form>`;
}

export function Login() {
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (/** @type {SubmitEvent} */ event) => {
    const { username, password } = fieldsOf(event);
    setBusy(true);
    const answer = await api.call("POST", "/admin/login", { json: { username, password } });
    setBusy(false);
    if (answer.ok) session.value = "in";
    else setWrong(problem(answer));
  };
  return html`
    <form class="card door" onSubmit=${submit}>
      <h1>${t().loginTitle}</h1>
      <${Field} label=${t().username}><input name="username" required autocomplete="username" autocapitalize="none" spellcheck=${false} defaultValue="admin" /><//>
      <${Field} label=${t().password}><input name="password" ref=${first} type="password" required autocomplete="current-password" /><//>
      <p class="refusal" role="alert">${wrong}</p>
      <${Button} type="submit" look="main" busy=${busy}>${t().login}<//>
    </form>`;
}
