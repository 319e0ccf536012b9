// @ts-check
/** One screen that says whether all is well: the verdict, what to do, four facts, the last days. */
import { html, useLayoutEffect, useRef, useState } from "../../vendor/ui.js";
import { number, secondsSince, size, span } from "../format.js";
import { isCut, live, now } from "../live.js";
import { Badge, Button, Icon, Section, done, useAnswer } from "../parts.js";
import { diskOutlook, findings, verdict, waiting } from "../verdict.js";
import { language, said, t } from "../words.js";
import * as api from "../api.js";

/** @typedef {import("../api.js").Statistics} Statistics
 * @typedef {import("../verdict.js").Finding} Finding */

const SHOWN_DAYS = 14;
/** The figures of the days are not told live: they are asked for anew, so often at most, once something has gone out or come in. */
const ANEW_MS = 5_000;

/** @param {string | null | undefined} at @returns {string} for how long */
const since = (at) => (at ? t().ago(span(secondsSince(at, now.value), language.value)) : "");

const Verdict = () => {
  const known = verdict(live.value);
  const stale = isCut(live.value, now.value);
  // Nobody shall read "all is well" off a kiosk that has fallen silent.
  const silent = stale && live.value.heard !== null;
  return html`<div class="verdict ${known}" role="status">
    <${Icon} name=${silent ? "unknown" : known} />
    <div><p class="sentence">${silent ? t().silent : t().verdict[known]}</p>
    <p>${silent ? `${t().lastKnown(t().verdict[known])} ${t().lines.cutMore}` : known === "unknown" && live.value.full ? t().full : t().verdictMore[known]}</p></div>
  </div>`;
};

/** @param {{finding: Finding}} props */
const Task = ({ finding }) => {
  const words = t().findings[finding.code];
  const channel = said({ ...t().checkNames, ...t().channels }, finding.channel ?? "");
  return html`<li class="task ${finding.weight}">
    <${Icon} name=${finding.weight} />
    <div><h3>${words?.title(finding.count ?? 0, channel) ?? finding.code} <small>${since(finding.since)}</small></h3>
      <p>${words?.effect} <strong>${words?.remedy}</strong></p>
      ${finding.detail && html`<p class="support"><span>${t().said}</span> <q lang="en">${finding.detail}</q></p>`}</div>
    <a class="button plain" href=${finding.to}>${words?.action}</a>
  </li>`;
};

const Tasks = () => {
  const found = findings(live.value);
  return html`<${Section} title=${t().todo}>
    ${found.length ? html`<ul class="tasks">${found.map((one) => html`<${Task} finding=${one} />`)}</ul>`
      : html`<p class="empty">${live.value.health ? t().nothingToDo : live.value.lost ? "–" : t().loading}</p>`}<//>`;
};

/** @param {{name: string, value: string, children?: any}} props */
const Fact = ({ name, value, children }) => html`<div class="fact"><dt>${name}</dt><dd><strong>${value}</strong>${children}</dd></div>`;

/** @param {{statistics: Statistics | null}} props */
const Facts = ({ statistics }) => {
  const { health, connectivity, outbox } = live.value;
  if (!health || !connectivity) return null;
  const waits = waiting(outbox);
  const free = Number(health.checks["disk"]?.["free_bytes"] ?? 0);
  const disk = diskOutlook(live.value, statistics?.per_day ?? [], now.value);
  const words = {
    diskFull: t().findings["diskFull"]?.title(0, ""), diskLow: t().findings["diskLow"]?.title(0, ""),
    diskNoPace: t().diskNoPace, diskLong: t().diskLong, diskFor: t().diskFor(disk.days),
  };
  const started = new Date(Date.parse(health.at) - 1000 * health.uptime_s).toISOString();
  const turns = Object.values(connectivity.channels).map((one) => one.since ?? started).sort();
  // Online since the last of them came back; offline since the first of them went.
  const turn = connectivity.online ? turns.at(-1) : Object.values(connectivity.channels).filter((one) => !one.online).map((one) => one.since ?? started).sort()[0];
  const total = waits.reduce((sum, one) => sum + one.waiting, 0);
  return html`<dl class="facts">
    <${Fact} name=${t().facts.taking} value=${health.status === "failing" ? t().taking.no : t().taking.yes}>
      <span>${t().facts.started} ${since(started)}</span><//>
    <${Fact} name=${t().facts.connection} value=${connectivity.online ? t().online.yes : t().online.no}><span>${since(turn)}</span><//>
    <${Fact} name=${t().facts.waiting} value=${total ? number(total, language.value) : t().nothingWaits}>
      ${waits.map((one) => html`<span>${said(t().channels, one.channel)} ${number(one.waiting, language.value)}${one.since ? `, ${since(one.since)}` : ""}</span>`)}<//>
    <${Fact} name=${t().facts.firstOut} value=${words[disk.code]}>
      <span>${t().diskFree(size(free, language.value))}</span><//>
  </dl>`;
};

/** @param {{statistics: Statistics}} props */
const Activity = ({ statistics }) => {
  const by = new Map(statistics.per_day.map((one) => [one.day, one.captures]));
  const days = Array.from({ length: SHOWN_DAYS }, (_, index) => {
    const day = new Date(now.value - (SHOWN_DAYS - 1 - index) * 86_400_000).toISOString().slice(0, 10);
    return { day, count: by.get(day) ?? 0 };
  });
  const most = Math.max(1, ...days.map(({ count }) => count));
  const sms = statistics.delivery_delays["sms"];
  return html`<${Section} title=${t().activity}>
    <ol class="bars">${days.map(({ day, count }) => html`<li style=${{ "--share": String(count / most) }}>
      <span class="count">${count || ""}</span><span class="bar"></span>
      <span class="day" aria-hidden="true">${day.slice(8)}</span><span class="unseen">${t().activityDay(day, count)}</span></li>`)}</ol>
    <ul class="hint totals">
      <li><strong>${number(statistics.totals.captures, language.value)}</strong> ${t().totals.captures(statistics.totals.captures)}</li>
      <li><strong>${number(statistics.totals.sms_sent, language.value)}</strong> ${t().totals.sms(statistics.totals.sms_sent)}</li>
      ${sms && html`<li><strong>${span(sms.median_s, language.value)}</strong> ${t().totals.delay}</li>`}</ul><//>`;
};

const Checks = () => html`<${Section} title=${t().checks}>
  <ul class="checks">${Object.entries(live.value.health?.checks ?? {}).map(([name, check]) => html`<li>
    <span>${said(t().checkNames, name)}</span><${Badge} state=${check.status}>${said(t().statuses, check.status)}<//></li>`)}</ul><//>`;

const syncNow = () => done(/** @type {ReturnType<typeof api.call<{due: number}>>} */ (api.call("POST", "/admin/sync")), ({ due }) => t().retried(due));

export const Overview = () => {
  /** @type {ReturnType<typeof useAnswer<Statistics>>} */
  const { body, again } = useAnswer("/admin/stats");
  const asked = useRef(live.value.outbox);
  const [statistics, keep] = useState(/** @type {Statistics | null} */ (null));
  const stale = isCut(live.value, now.value) && live.value.heard !== null;
  useLayoutEffect(() => {
    if (body) keep(body);
  }, [body]);
  useLayoutEffect(() => {
    if (asked.current === live.value.outbox) return;
    asked.current = live.value.outbox;
    again();
  }, [Math.floor(now.value / ANEW_MS)]);
  return html`<div class="overview-grid ${stale ? "stale" : ""}">
    <${Verdict} />
    <${Tasks} />
    <${Facts} statistics=${statistics} />
    ${waiting(live.value.outbox).length > 0 && html`<div class="actions"><${Button} onTap=${syncNow}>${t().retryAll}<//></div>`}
    <div class="pair">${statistics && html`<${Activity} statistics=${statistics} />`}<${Checks} /></div>
  </div>`;
};
