// @ts-check
/** Puts the page together: who is there decides what is drawn, the address which section. */
import { html, render, useLayoutEffect, useRef } from "../vendor/ui.js";
import * as api from "./api.js";
import { span } from "./format.js";
import { isCut, live, now, watch } from "./live.js";
import { Icon } from "./parts.js";
import { VIEWS, notice, place, placeOf, session, tell } from "./state.js";
import { verdict } from "./verdict.js";
import { Account } from "./views/account.js";
import { Backgrounds } from "./views/backgrounds.js";
import { Captures } from "./views/captures.js";
import { Care } from "./views/care.js";
import { FirstStart, Login } from "./views/entrance.js";
import { Audit, Logs } from "./views/journal.js";
import { Outbox } from "./views/outbox.js";
import { Overview } from "./views/overview.js";
import { Settings } from "./views/settings.js";
import { LANGUAGES, beginLanguage, keep, language, t } from "./words.js";

const SECTIONS = {
  overview: Overview, captures: Captures, outbox: Outbox, backgrounds: Backgrounds, settings: Settings,
  care: Care, logs: Logs, audit: Audit, account: Account,
};

/** @returns {Promise<void>} */
async function askWho() {
  const answer = await api.call("GET", "/admin/audit?limit=1");
  if (answer.ok) session.value = "in";
  else if (answer.status === 401) session.value = "out";
}

async function logOut() {
  await api.call("POST", "/admin/logout");
  session.value = "out";
}

const Languages = () => html`
  <div class="languages">${Object.entries(LANGUAGES).map(([code, words]) => html`
    <button type="button" lang=${code} aria-pressed=${code === language.value} aria-label="${code} – ${words.language}" onClick=${() => keep(code)}>${code}</button>`)}
  </div>`;

/** How old is what is shown. */
const Line = () => {
  const cut = isCut(live.value, now.value);
  const age = live.value.heard === null ? null : span((now.value - live.value.heard) / 1000, language.value);
  return html`<p class="line ${cut ? "cut" : "live"}"><strong>${cut ? t().lines.cut : t().lines.live}</strong>
    <span>${age === null ? t().lines.never : t().lines.dataAge(age)}</span></p>`;
};

const Menu = () => html`
  <nav class="menu" aria-label=${t().menu}><ul>
    ${VIEWS.map((view) => html`<li><a href="#${view}" aria-current=${view === place.value.view ? "page" : undefined}>
      <${Icon} name=${view} /><span>${t().views[view]}</span></a></li>`)}
  </ul></nav>`;

function Inside() {
  useLayoutEffect(() => watch(() => void askWho()), []);
  const heading = useRef(/** @type {HTMLElement | null} */ (null));
  const arrived = useRef(false);
  const { view, query } = place.value;
  useLayoutEffect(() => {
    document.title = `${t().views[view]} – ${t().product}`;
    if (arrived.current) heading.current?.focus();
    arrived.current = true;
  }, [view, language.value]);
  return html`
    <a class="skip" href="#content" onClick=${(/** @type {Event} */ event) => { event.preventDefault(); heading.current?.focus(); }}>${t().skip}</a>
    <header class="top">
      <p class="brand"><span class="lamp ${isCut(live.value, now.value) ? "unknown" : verdict(live.value)}"></span>${t().product}</p>
      <${Line} />
      <${Languages} />
      <button type="button" class="button plain quiet" onClick=${logOut}>${t().logout}</button>
    </header>
    <${Menu} />
    <main id="content" class=${view}><h1 ref=${heading} tabindex="-1">${t().views[view]}</h1>
      <${SECTIONS[view]} query=${query} /></main>`;
}

const Outside = () => html`
  <header class="top"><p class="brand"><span class="lamp unknown"></span>${t().product}</p><${Languages} /></header>
  <main class="entrance">${session.value === "first" ? html`<${FirstStart} />` : session.value === "out" ? html`<${Login} />` : html`<p class="hint">${t().loading}</p>`}</main>`;

const App = () => html`
  <div class="page ${session.value === "in" ? "inside" : "outside"}">
    ${session.value === "in" ? html`<${Inside} />` : html`<${Outside} />`}
    <div class="notice" role="status">${notice.value && html`<p class=${notice.value.kind}>${notice.value.text}</p>`}</div>
  </div>`;

beginLanguage();
api.whenSessionEnds(() => {
  if (session.value === "in") tell(t().loggedOut, "bad");
  session.value = "out";
});
const here = () => (place.value = placeOf(location.hash));
addEventListener("hashchange", here);
here();
render(html`<${App} />`, /** @type {Element} */ (document.querySelector("#page")));
if (document.documentElement.dataset["start"] === "first") session.value = "first";
else void askWho();
