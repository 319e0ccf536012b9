// @ts-check
/** The backdrops: added, put in order, hidden and removed. */
import { html, useState } from "../../vendor/ui.js";
import * as api from "../api.js";
import { size } from "../format.js";
import { Badge, Button, Confirm, Field, Pending, Section, done, useAnswer, useQuestion } from "../parts.js";
import { tell } from "../state.js";
import { language, problem, said, t } from "../words.js";
import { wrongOf } from "./entrance.js";

/** @typedef {import("../api.js").Background} Background */

const MODES = /** @type {const} */ (["none", "frame", "person", "green-screen"]);

/** @param {{added: () => void, next: number}} props */
function Add({ added, next }) {
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");
  const submit = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.currentTarget);
    const fields = new FormData(form);
    if (!fields.get("name")) fields.delete("name");
    fields.set("display_order", String(next));
    setBusy(true);
    const answer = await api.call("POST", "/admin/backgrounds", { form: fields, limit_ms: api.PATIENT_MS });
    const unfit = answer.ok ? "" : wrongOf(answer, "file");
    setBusy(false);
    setWrong(unfit);
    if (unfit) return;
    if (!answer.ok) return tell(problem(answer), "bad");
    tell(t().added);
    form.reset();
    added();
  };
  return html`<${Section} title=${t().addBackground}><form class="filters" onSubmit=${submit}>
    <${Field} label=${t().file} wrong=${wrong && t().problems["photo-unreadable"]}><input name="file" type="file" accept="image/jpeg,image/png,image/webp" required /><//>
    <${Field} label=${t().name}><input name="name" maxlength="80" /><//>
    <${Field} label=${t().mode}><select name="mode">${MODES.map((mode) => html`<option value=${mode}>${t().modes[mode]}</option>`)}</select><//>
    <div class="actions"><${Button} type="submit" look="main" busy=${busy}>${busy ? t().working : t().add}<//></div></form>
    ${wrong && html`<p class="support"><span>${t().said}</span> <q lang="en">${wrong}</q></p>`}<//>`;
}

export function Backgrounds() {
  /** @type {ReturnType<typeof useAnswer<import("../api.js").Page<Background>>>} */
  const { body, failure, busy, again } = useAnswer("/admin/backgrounds?limit=200");
  const [changing, setChanging] = useState(false);
  const [question, ask, close] = useQuestion();
  const shown = [...(body?.items ?? [])].sort((one, other) => one.display_order - other.display_order || one.created_at.localeCompare(other.created_at));
  /** Until the list is here anew nothing can be pressed: another backdrop may come under the pointer.
   * @param {() => Promise<unknown>} work */
  const during = async (work) => {
    setChanging(true);
    await work();
    again();
    setChanging(false);
  };
  /** @param {Background} one @param {Partial<Background>} json */
  const change = (one, json) => during(() => done(api.call("PUT", `/admin/backgrounds/${one.id}`, { json }), t().changed));
  /** @param {number} from @param {number} to where a backdrop goes; all whose place changes are told */
  const move = (from, to) => during(async () => {
    const order = [...shown];
    order.splice(to, 0, ...order.splice(from, 1));
    for (const [place, one] of order.entries()) {
      if (one.display_order === place) continue;
      const answer = await api.call("PUT", `/admin/backgrounds/${one.id}`, { json: { display_order: place } });
      if (!answer.ok) {
        tell(problem(answer), "bad");
        break;
      }
    }
  });
  /** @param {Background} one */
  const remove = (one) => ask({
    title: t().removeAsk(one.name), more: t().removeMore, action: t().remove,
    act: () => during(() => done(api.call("DELETE", `/admin/backgrounds/${one.id}`), t().removed)),
  });
  const still = changing || busy;
  return html`
    <${Add} added=${again} next=${Math.max(-1, ...shown.map((one) => one.display_order)) + 1} />
    <${Pending} failure=${failure} busy=${!body && busy} />
    ${body && !shown.length && html`<p class="empty">${t().empty.backgrounds}</p>`}
    <ul class="tiles">${shown.map((one, index) => html`<li key=${one.id} class="card tile">
      <div class="picture"><img src=${one.thumbnail_url} alt="" loading="lazy" /></div>
      <h2>${one.name}</h2>
      <p class="hint">${said(t().modes, one.mode)} · ${t().dimensions(one.width, one.height)} · ${size(one.file_size, language.value)}</p>
      <p><${Badge} state=${one.is_active ? "ok" : "off"}>${one.is_active ? t().active : t().hidden}<//></p>
      <div class="actions">
        ${index > 0 && html`<${Button} busy=${still} label="${t().earlier} – ${one.name}" onTap=${() => move(index, index - 1)}>←<//>`}
        ${index < shown.length - 1 && html`<${Button} busy=${still} label="${t().later} – ${one.name}" onTap=${() => move(index, index + 1)}>→<//>`}
        <${Button} busy=${still} onTap=${() => change(one, { is_active: !one.is_active })}>${one.is_active ? t().hide : t().show}<//>
        <${Button} look="danger" busy=${still} onTap=${() => remove(one)}>${t().remove}<//></div>
    </li>`)}</ul>
    <${Confirm} question=${question} close=${close} />`;
}
