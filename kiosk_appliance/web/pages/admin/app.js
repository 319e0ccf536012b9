// @ts-check
/** Puts the page together: who is there decides what is drawn, the address which section. */
import { html, render, useLayoutEffect, useRef } from "../vendor/ui.js";
import * as api from "./api.js";
import { span } from "./format.js";
import { isCut, live, now, watch } from "./live.js";
import { Icon } from "./parts.js";
import { VIEWS, kioskName, notice, place, placeOf, session, tell } from "./state.js";
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
import { LANGUAGES, beginLanguage, keep, language, problem, t } from "./words.js";

const SECTIONS = {
  overview: Overview, captures: Captures, outbox: Outbox, backgrounds: Backgrounds, settings: Settings,
  care: Care, logs: Logs, audit: Audit, account: Account,
};

const AGAIN_MS = 3_000;

/** @returns {Promise<void>} */
async function askWho() {
  const answer = await api.call("GET", "/admin/audit?limit=1");
  if (answer.ok) session.value = "in";
  else if (answer.status === 401) session.value = "out";
  else if (session.value === "asking") {
    tell(problem(answer), "bad");
    setTimeout(() => void askWho(), AGAIN_MS);
  }
}

/** Whoever could not be logged out is told so, and does not leave an open session behind. */
async function logOut() {
  const answer = await api.call("POST", "/admin/logout");
  if (answer.ok) session.value = "out";
  else if (answer.status !== 401) tell(problem(answer), "bad");
}

async function askName() {
  /** @type {api.Answer<{items: api.Setting[]}>} */
  const answer = await api.call("GET", "/admin/config");
  const named = answer.ok ? answer.body.items.find(({ key }) => key === "kiosk.name") : undefined;
  if (named) kioskName.value = named.value === named.default ? "" : String(named.value);
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

const Menu = () => {
  const current = useRef(/** @type {HTMLElement | null} */ (null));
  // On a phone the row is longer than the screen.
  useLayoutEffect(() => current.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" }), [place.value.view, language.value]);
  return html`<nav ref=${current} class="menu" aria-label=${t().menu}><ul>
    ${VIEWS.map((view) => html`<li><a href="#${view}" aria-current=${view === place.value.view ? "page" : undefined}>
      <${Icon} name=${view} /><span>${t().views[view]}</span></a></li>`)}
  </ul></nav>`;
};

function Inside() {
  useLayoutEffect(() => {
    void askName();
    return watch();
  }, []);
  const heading = useRef(/** @type {HTMLElement | null} */ (null));
  const arrived = useRef(false);
  const { view, query } = place.value;
  useLayoutEffect(() => {
    document.title = `${t().views[view]} – ${kioskName.value || t().product}`;
  }, [view, language.value, kioskName.value]);
  useLayoutEffect(() => {
    if (arrived.current) heading.current?.focus();
    arrived.current = true;
  }, [view]);
  return html`
    <a class="skip" href="#content" onClick=${(/** @type {Event} */ event) => { event.preventDefault(); heading.current?.focus(); }}>${t().skip}</a>
    <header class="top">
      <p class="brand"><span class="lamp ${isCut(live.value, now.value) ? "unknown" : verdict(live.value)}"></span>${kioskName.value || t().product}</p>
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
