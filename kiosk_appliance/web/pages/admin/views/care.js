// @ts-check
/** What keeps a kiosk well: tests, exports, backup, and erasing a person. */
import { html, useLayoutEffect, useState } from "../../vendor/ui.js";
import * as api from "../api.js";
import { Badge, Button, Confirm, Field, Section, done, useQuestion } from "../parts.js";
import { tell } from "../state.js";
import { language, problem, t } from "../words.js";
import { fieldsOf } from "./entrance.js";
import { dayBegins, moment } from "../format.js";

/** @typedef {import("../api.js").Trial} Trial
 * @typedef {{id: string, created_at: string, state: string, captures: number}} Erasure */

/** So soon it is looked again whether an erasure is done everywhere. */
const AGAIN_MS = 5_000;

/** @param {{trial: Trial | null}} props */
const Result = ({ trial }) => trial && html`<div class="result" role="status">
  <${Badge} state=${trial.ok ? "ok" : "failing"}>${trial.ok ? t().trialOk : t().trialFailed}<//>
  <p lang="en">${trial.detail}</p>
  <p class="hint">${Object.entries(trial.timings_ms).map(([step, ms]) => `${step} ${ms} ms`).join(" · ")}</p></div>`;

/** @param {{path: string, label: string, children?: any}} props */
function Try({ path, label, children }) {
  const [trial, setTrial] = useState(/** @type {Trial | null} */ (null));
  const [busy, setBusy] = useState(false);
  const submit = async (/** @type {SubmitEvent} */ event) => {
    const fields = fieldsOf(event);
    setBusy(true);
    setTrial(null);
    /** @type {import("../api.js").Answer<Trial>} */
    const answer = await api.call("POST", path, { limit_ms: api.PATIENT_MS, ...(fields["phone"] ? { json: fields } : {}) });
    setBusy(false);
    if (answer.ok) setTrial(answer.body);
    else tell(problem(answer), "bad");
  };
  return html`<form class="try" onSubmit=${submit}>${children}
    <${Button} type="submit" busy=${busy}>${busy ? t().working : label}<//><${Result} trial=${trial} /></form>`;
}

/** @param {string} method @param {string} path */
async function saveFile(method, path) {
  const answer = await api.fetchFile(method, path);
  if (!answer.ok) return tell(problem(answer), "bad");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(answer.body.file);
  link.download = answer.body.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** @param {{method: string, path: string, children: any}} props */
function Download({ method, path, children }) {
  const [busy, setBusy] = useState(false);
  const act = async () => {
    setBusy(true);
    await saveFile(method, path);
    setBusy(false);
  };
  return html`<${Button} busy=${busy} onTap=${act}>${busy ? t().working : children}<//>`;
}

function Exports() {
  const [fields, setFields] = useState(/** @type {Record<string, string>} */ ({}));
  const change = (/** @type {Event} */ event) => {
    const { name, value, type, checked } = /** @type {HTMLInputElement} */ (event.target);
    setFields({ ...fields, [name]: type === "checkbox" ? (checked ? "full" : "") : value });
  };
  const query = { ...fields, from: dayBegins(fields["from"]), to: dayBegins(fields["to"], 1) };
  return html`<${Section} title=${t().exports}><p class="hint">${t().exportsLead}</p>
    <div class="filters" onChange=${change}>
      <${Field} label=${t().from}><input name="from" type="date" /><//><${Field} label=${t().to}><input name="to" type="date" /><//></div>
    <label class="tick" onChange=${change}><input type="checkbox" name="numbers" /> ${t().fullNumbers}</label>
    <div class="actions"><${Download} method="GET" path=${api.withQuery("/admin/export/excel", query)}>${t().excel}<//>
      <${Download} method="GET" path=${api.withQuery("/admin/export/csv", query)}>${t().csv}<//></div><//>`;
}

function Person() {
  const [question, ask, close] = useQuestion();
  const [erasure, setErasure] = useState(/** @type {Erasure | null} */ (null));
  useLayoutEffect(() => {
    if (!erasure || erasure.state === "done") return undefined;
    const later = setTimeout(async () => {
      /** @type {import("../api.js").Answer<Erasure>} */
      const found = await api.call("GET", `/admin/erasures/${erasure.id}`);
      // A copy asks again.
      setErasure((shown) => (shown?.id !== erasure.id ? shown : found.ok ? found.body : { ...erasure }));
    }, AGAIN_MS);
    return () => clearTimeout(later);
  }, [erasure]);
  /** @param {Record<string, string>} json */
  const erase = async (json) => {
    /** @type {import("../api.js").Answer<{captures: number, erasure_id: string}>} */
    const ordered = await api.call("POST", "/admin/erase", { json });
    if (!ordered.ok) return tell(problem(ordered), "bad");
    /** @type {import("../api.js").Answer<Erasure>} */
    const found = await api.call("GET", `/admin/erasures/${ordered.body.erasure_id}`);
    if (found.ok) setErasure(found.body);
  };
  const submit = (/** @type {SubmitEvent} */ event) => {
    const who = fieldsOf(event)["who"]?.trim() ?? "";
    ask({ title: t().erasePersonAsk(who), more: t().eraseMore, action: t().eraseAll, act: () => erase(who.includes("@") ? { email: who } : { phone: who }) });
  };
  return html`<${Section} title=${t().gdpr}><p class="hint">${t().gdprLead}</p>
    <form class="try" onSubmit=${submit}><${Field} label="${t().phone} / ${t().email}"><input name="who" required autocomplete="off" /><//>
      <${Button} type="submit" look="danger">${t().eraseAll}<//></form>
    ${erasure && html`<div class="result" role="status"><${Badge} state=${erasure.state === "done" ? "ok" : "waiting"}>${t().erasedPerson(erasure.captures)}<//>
      <p>${erasure.state === "done" ? t().eraseDone : t().eraseWaits}</p>
      <p class="hint">${t().reference} <code>${erasure.id}</code> · ${moment(erasure.created_at, language.value)}</p></div>`}
    <${Confirm} question=${question} close=${close} /><//>`;
}

export const Care = () => html`<div class="care-grid">
  <${Section} title=${t().trials}><p class="hint">${t().trialsLead}</p>
    <${Try} path="/admin/test/storage" label=${t().tryStorage} />
    <${Try} path="/admin/test/sms" label=${t().trySms}><${Field} label=${t().phone}><input name="phone" type="tel" required autocomplete="tel" /><//><//><//>
  <${Exports} />
  <${Section} title=${t().backup}><p class="hint">${t().backupLead}</p>
    <div class="actions"><${Download} method="POST" path="/admin/backup">${t().makeBackup}<//></div><//>
  <${Person} />
  <${Section} title=${t().cleanup}><p class="hint">${t().cleanupLead}</p>
    <div class="actions"><${Button} onTap=${() => done(/** @type {ReturnType<typeof api.call<{erased: number}>>} */ (api.call("POST", "/admin/cleanup")), ({ erased }) => t().cleaned(erased))}>${t().cleanup}<//></div><//>
</div>`;
