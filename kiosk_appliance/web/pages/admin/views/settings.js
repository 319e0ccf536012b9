// @ts-check
/** The settings: what is in force and where it comes from; some are changed here. */
import { html, useState } from "../../vendor/ui.js";
import * as api from "../api.js";
import { Button, Field, Pending, Section, useAnswer } from "../parts.js";
import { tell } from "../state.js";
import { kindOf, shown, typed } from "../values.js";
import { language, problem, said, t } from "../words.js";

/** @typedef {import("../api.js").Setting} Setting
 * @typedef {import("../api.js").Value} Value */

/** @param {Value} value @returns {string} as a reader wants it */
const inWords = (value) => (value === null ? t().none : typeof value === "boolean" ? (value ? t().yes : t().no) : shown(value) || "–");

/** @param {Setting} one @returns {string} unit, bounds and default */
function terms(one) {
  const unit = one.unit && typeof one.value !== "string" ? said(t().units, one.unit) : "";
  const bounds = one.minimum !== null && one.maximum !== null && one.unit !== "entries" ? t().bounds(String(one.minimum), String(one.maximum)) : "";
  return [bounds && `${bounds} ${unit || (one.unit === "characters" ? said(t().units, "characters") : "")}`.trim(), t().defaultIs(inWords(one.default)), kindOf(one) === "list" ? t().listHelp : ""].filter(Boolean).join(" · ");
}

/** @param {{one: Setting, text: string, wrong: string, change: (text: string | null) => void}} props */
const Changeable = ({ one, text, wrong, change }) => {
  const kind = kindOf(one);
  const input = (/** @type {Event} */ event) => change(/** @type {HTMLInputElement} */ (event.currentTarget).value);
  return html`<li class="setting ${wrong ? "has-wrong" : ""}">
    <${Field} label=${said(t().keys, one.key)} help=${terms(one)} wrong=${wrong}>
      ${kind === "truth" ? html`<select value=${text} onChange=${input}><option value="true">${t().yes}</option><option value="false">${t().no}</option></select>`
        : kind === "words" ? html`<textarea rows="3" value=${text} onInput=${input}></textarea>`
        : html`<input value=${text} inputmode=${kind === "number" ? "numeric" : undefined} onInput=${input} />`}
    <//>
    <p class="origin"><code>${one.key}</code> <span class="chip ${one.origin === "admin" ? "mine" : ""}">${said(t().origins, one.origin)}</span>
      ${one.origin === "admin" && html`<button type="button" class="link" aria-label="${t().takeBack} – ${said(t().keys, one.key)}" onClick=${() => change(null)}>${t().takeBack}</button>`}</p>
  </li>`;
};

export function Settings() {
  /** @type {ReturnType<typeof useAnswer<{items: Setting[], problem?: string}>>} */
  const { body, failure, busy, again } = useAnswer("/admin/config");
  const [draft, setDraft] = useState(/** @type {Record<string, string>} */ ({}));
  const [wrong, setWrong] = useState(/** @type {Record<string, string>} */ ({}));
  const items = body?.items ?? [];
  const changed = items.filter((one) => one.key in draft && draft[one.key] !== shown(one.value));
  /** @param {Record<string, Value>} json */
  const send = async (json) => {
    const answer = await api.call("PUT", "/admin/config", { json });
    setWrong(answer.ok ? {} : Object.fromEntries(answer.errors.map(({ field, message }) => [field, message])));
    if (!answer.ok) return tell(answer.errors.length ? t().notSaved : problem(answer), "bad");
    // What is being typed elsewhere stays.
    setDraft((before) => Object.fromEntries(Object.entries(before).filter(([key]) => !(key in json))));
    tell(t().saved);
    again();
  };
  const save = (/** @type {Event} */ event) => {
    event.preventDefault();
    void send(Object.fromEntries(changed.map((one) => [one.key, typed(draft[one.key] ?? "", kindOf(one))])));
  };
  return html`
    <p class="lead">${t().settingsLead}</p>
    <${Pending} failure=${failure} busy=${!body && busy} />
    ${body?.problem && html`<${Section} title=${t().findings["settings"]?.title(0, "")}><p>${t().findings["settings"]?.effect}</p>
      <p class="support"><span>${t().said}</span> <q lang="en">${body.problem}</q></p><//>`}
    ${body && html`
      <form onSubmit=${save} lang=${language.value}><${Section} title=${t().changeable}>
        <ul class="settings-list">${items.filter((one) => one.changeable).map((one) => html`<${Changeable} key=${one.key} one=${one}
          text=${draft[one.key] ?? shown(one.value)} wrong=${wrong[one.key] ?? ""}
          change=${(/** @type {string | null} */ text) => (text === null ? void send({ [one.key]: null }) : setDraft({ ...draft, [one.key]: text }))} />`)}</ul><//>
        ${changed.length > 0 && html`<div class="save-bar"><span role="status">${t().changes(changed.length)}</span>
          <div class="actions"><${Button} onTap=${() => { setDraft({}); setWrong({}); }}>${t().discard}<//><${Button} type="submit" look="main">${t().save}<//></div></div>`}
      </form>
      <${Section} title=${t().fixed}><dl class="fixed">${items.filter((one) => !one.changeable).map((one) => html`<div>
        <dt><code>${one.key}</code></dt>
        <dd>${one.set === undefined ? inWords(one.value) : one.set ? t().secretSet : t().secretUnset} <span class="chip">${said(t().origins, one.origin)}</span>
          ${one.restart_needed && html`<span class="chip mine">${t().restartNeeded}</span>`}</dd></div>`)}</dl><//>`}`;
}
