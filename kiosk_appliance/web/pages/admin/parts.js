// @ts-check
/** The pieces that every section is made of: buttons, fields, states, dialogs, lists in pages. */
import { html, useLayoutEffect, useRef, useState } from "../vendor/ui.js";
import * as api from "./api.js";
import { number } from "./format.js";
import { place, tell } from "./state.js";
import { language, problem, said, t } from "./words.js";

/** @typedef {import("preact").ComponentChildren} Children */

const AGAIN_MS = 3_000;

/** Stroke paths on a 24 by 24 grid. */
const ICONS = {
  well: "M5 12.5l5 5L19 7.5",
  wait: "M12 7v5l3 3M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18",
  act: "M12 8v5M12 16.5v.5M12 3L2.5 20h19z",
  stop: "M8 3h8l5 5v8l-5 5H8l-5-5V8zM12 8v5M12 16v.5",
  unknown: "M9.5 9a2.5 2.5 0 1 1 3.5 2.3c-.7.4-1 .9-1 1.7M12 16.5v.5M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18",
  off: "M6 12h12M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18",
  overview: "M3 13h4l3-8 4 14 3-6h4",
  captures: "M4 7h4l2-3h4l2 3h4v12H4zM9 13a3 3 0 1 0 6 0a3 3 0 1 0-6 0",
  outbox: "M4 12l16-7-6 15-3-6zM11 14l9-9",
  backgrounds: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4",
  settings: "M4 7h10M18 7h2M14 7a2 2 0 1 0 4 0a2 2 0 1 0-4 0M4 17h2M10 17h10M6 17a2 2 0 1 0 4 0a2 2 0 1 0-4 0",
  care: "M12 20s-7-4.5-7-10a4 4 0 0 1 7-2.6A4 4 0 0 1 19 10c0 5.500-7 10-7 10z",
  logs: "M5 6h14M5 12h14M5 18h9",
  audit: "M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6zM9 12l2 2 4-4",
  account: "M8 8a4 4 0 1 0 8 0a4 4 0 1 0-8 0M4 21c0-4 4-6 8-6s8 2 8 6",
};
/** @typedef {keyof typeof ICONS} IconName */

/** @param {{name: IconName}} props */
export const Icon = ({ name }) =>
  html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${ICONS[name]} /></svg>`;

/** @type {Record<string, IconName>} the look of every state of a delivery and of a check */
const LOOKS = {
  delivered: "well", waiting: "wait", running: "wait", uncertain: "unknown", expired: "act", refused: "act", cancelled: "off",
  ok: "well", degraded: "act", failing: "stop", off: "off", info: "logs", warning: "act", error: "stop", critical: "stop",
};

/** A state is never its colour alone. @param {{state: string, children: Children}} props */
export const Badge = ({ state, children }) => {
  const look = LOOKS[state] ?? "unknown";
  return html`<span class="badge ${look}"><${Icon} name=${look} />${children}</span>`;
};

/** While it is busy it does nothing, nor sends its form a second time.
 * @param {{look?: "main" | "plain" | "danger", type?: "button" | "submit", busy?: boolean, label?: string, onTap?: () => void, children: Children}} props */
export const Button = ({ look = "plain", type = "button", busy = false, label, onTap, children }) => html`
  <button type=${type} class="button ${look}" aria-label=${label} aria-busy=${busy} aria-disabled=${busy}
    onClick=${busy ? (/** @type {Event} */ event) => event.preventDefault() : onTap}>${children}</button>`;

/** @param {{label: string, help?: string, wrong?: string, children: Children}} props the field stands inside its label */
export const Field = ({ label, help, wrong, children }) => html`
  <label class="field"><span class="label">${label}</span>${children}
    ${help && html`<small>${help}</small>`}
    ${wrong && html`<small class="wrong" role="alert">${wrong}</small>`}
  </label>`;

/** @param {{title: string, children?: Children, aside?: Children}} props */
export const Section = ({ title, children, aside }) => html`
  <section class="card"><header><h2>${title}</h2>${aside}</header>${children}</section>`;

/** @typedef {{title: string, more?: string, action: string, act: () => void | Promise<void>}} Question */

/** Asks before anything that can't be taken back. @param {{question: Question | null, close: () => void}} props */
export function Confirm({ question, close }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useLayoutEffect(() => {
    if (question) dialog.current?.showModal();
  }, [question]);
  // "Back" leaves the question too.
  useLayoutEffect(() => dialog.current?.close(), [place.value]);
  if (!question) return null;
  return html`
    <dialog ref=${dialog} class="confirm" onClose=${close} aria-labelledby="question">
      <h2 id="question">${question.title}</h2>
      ${question.more && html`<p>${question.more}</p>`}
      <div class="actions">
        <${Button} onTap=${() => dialog.current?.close()}>${t().keep}<//>
        <${Button} look="danger" onTap=${() => { dialog.current?.close(); void question.act(); }}>${question.action}<//>
      </div>
    </dialog>`;
}

/** @returns {[Question | null, (question: Question) => void, () => void]} */
export function useQuestion() {
  const [question, ask] = useState(/** @type {Question | null} */ (null));
  return [question, ask, () => ask(null)];
}

/** Do something, say what came of it. @template T
 * @param {Promise<import("./api.js").Answer<T>>} asked @param {string | ((body: T) => string)} good @returns {Promise<T | undefined>} */
export async function done(asked, good) {
  const answer = await asked;
  if (!answer.ok) {
    tell(problem(answer), "bad");
    return undefined;
  }
  tell(typeof good === "string" ? good : good(answer.body));
  return answer.body ?? /** @type {T} */ ({});
}

/**
 * What a path answers, asked again whenever the path changes, and until the kiosk can answer.
 * @template T
 * @param {string | null} path null asks nothing
 * @returns {{body: T | null, failure: import("./api.js").Failure | null, busy: boolean, again: () => void}}
 */
export function useAnswer(path) {
  const [times, setTimes] = useState(0);
  const [found, setFound] = useState(/** @type {{path: string | null, answer: import("./api.js").Answer<T> | null}} */ ({ path: null, answer: null }));
  const [busy, setBusy] = useState(false);
  const again = () => setTimes((before) => before + 1);
  useLayoutEffect(() => {
    if (!path) return undefined;
    const leaving = new AbortController();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let later;
    setBusy(true);
    void /** @type {Promise<import("./api.js").Answer<T>>} */ (api.call("GET", path, { until: leaving.signal })).then((answer) => {
      if (leaving.signal.aborted) return;
      setBusy(false);
      setFound({ path, answer });
      const wait_ms = answer.ok ? 0 : answer.code === "unreachable" ? AGAIN_MS : answer.wait_s * 1000;
      if (wait_ms) later = setTimeout(again, wait_ms);
    });
    return () => {
      clearTimeout(later);
      leaving.abort();
    };
  }, [path, times]);
  const { answer } = found;
  return {
    body: answer?.ok ? answer.body : null,
    failure: answer && !answer.ok ? answer : null,
    busy,
    again,
  };
}

/** @param {{failure: import("./api.js").Failure | null, busy: boolean}} props what stands where an answer will */
export const Pending = ({ failure, busy }) =>
  failure ? html`<p class="refusal" role="alert">${problem(failure)}</p>` : busy ? html`<p class="hint">${t().loading}</p>` : null;

/**
 * A list of the contract: filtered, and paged by cursor.
 * @template T
 * @param {{path: string, filters: Record<string, string | null>, empty: string, row: (item: T, again: () => void) => Children, top?: (body: any) => Children}} props
 */
export function Paged({ path, filters, empty, row, top }) {
  const key = api.withQuery(path, filters);
  const [at, setAt] = useState({ key, cursor: /** @type {string | null} */ (null) });
  const cursor = at.key === key ? at.cursor : null;
  const head = useRef(/** @type {HTMLElement | null} */ (null));
  /** Another page is read from its top. @param {string | null} to */
  const turn = (to) => {
    setAt({ key, cursor: to });
    head.current?.focus();
  };
  /** @type {ReturnType<typeof useAnswer<import("./api.js").Page<T>>>} */
  const { body, failure, busy, again } = useAnswer(api.withQuery(path, { ...filters, cursor, limit: "25" }));
  return html`
    <div class="paged" aria-busy=${busy}>
      <div class="paged-head">
        <p class="hint" role="status" tabindex="-1" ref=${head}>${body ? t().total(/** @type {any} */ (number(body.total, language.value))) : ""}</p>
        <div class="actions">${top?.(body)}
          <${Button} busy=${busy} onTap=${again}>${t().refresh}<//></div>
      </div>
      <${Pending} failure=${failure} busy=${!body && busy} />
      ${body && !body.items.length && html`<p class="empty">${empty}</p>`}
      ${body && body.items.length > 0 && html`<ul class="rows">${body.items.map((item) => row(item, again))}</ul>`}
      ${body && (cursor || body.next_cursor) && html`<div class="actions pager">
        ${cursor && html`<${Button} onTap=${() => turn(null)}>${t().newest}<//>`}
        ${body.next_cursor && html`<${Button} onTap=${() => turn(body.next_cursor)}>${t().older}<//>`}
      </div>`}
    </div>`;
}

/** A form that filters: what it holds becomes the address, so that it can be kept and sent.
 * @param {{view: string, children: Children, active: boolean}} props */
export const Filters = ({ view, children, active }) => html`
  <form class="filters" onSubmit=${(/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.currentTarget);
    const fields = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]));
    location.hash = api.withQuery(view, fields);
  }}>
    ${children}
    <div class="actions"><${Button} type="submit" look="main">${t().filter}<//>
      ${active && html`<a class="button plain" href="#${view}">${t().clear}</a>`}</div>
  </form>`;

/** @param {{name: string, label: string, value: string | null, options: Record<string, string>}} props */
export const Choice = ({ name, label, value, options }) => html`
  <${Field} label=${label}><select name=${name}>
    <option value="" selected=${!value}>${t().all}</option>
    ${Object.entries(options).map(([code, words]) => html`<option value=${code} selected=${code === value}>${words}</option>`)}
  </select><//>`;

/** @param {{deliveries: import("./api.js").Delivery[]}} props */
export const Deliveries = ({ deliveries }) => html`
  <ul class="badges">${deliveries.map((one) => html`<li><${Badge} state=${one.state}>
    ${said(t().channels, one.channel)} · ${said(t().states, one.state)}<//></li>`)}</ul>`;
