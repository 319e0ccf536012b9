// @ts-check
/**
 * What the figures mean: everything somebody has to know or do, the worst first. Pure; the sentences
 * stand in the message files under the same codes.
 */

/** @typedef {import("./live.js").Live} Live
 * @typedef {"stop" | "act" | "wait"} Weight guests are kept from taking photos; somebody has to act; it goes by itself
 * @typedef {{code: string, weight: Weight, detail: string, channel?: string, count?: number, since?: string | null, to: string}} Finding */

const YEAR = 365;
const CHANNELS = /** @type {const} */ (["storage", "sms", "postgres"]);
/** @type {Record<string, {code: string, weight: Weight}>} by the cause that the kiosk tells */
const CAUSES = {
  "no-network": { code: "network", weight: "wait" },
  "captive-portal": { code: "portal", weight: "act" },
  provider: { code: "provider", weight: "wait" },
  account: { code: "account", weight: "act" },
};
/** What makes guests wait in vain. */
const STOPPED = /** @type {const} */ ([["disk", "diskFull"], ["database", "database"], ["scheduler", "standstill"], ["camera", "camera"]]);

/** What goes by itself wants somebody's eyes after an hour: a cable, a contract. */
const PATIENCE_MS = 3_600_000;

/** @param {Live} live @returns {Finding[]} */
function channelFindings({ connectivity, health }) {
  const said = Date.parse(health?.at ?? "");
  const started = said - 1000 * (health?.uptime_s ?? 0);
  /** @type {Finding[]} */
  const found = [];
  for (const channel of CHANNELS) {
    const one = connectivity?.channels[channel];
    if (!one || one.online) continue;
    const { code, weight } = CAUSES[one.cause ?? ""] ?? CAUSES["provider"] ?? { code: "provider", weight: "wait" };
    // One cut line is one finding, whatever it cuts.
    if ((code === "network" || code === "portal") && found.some((other) => other.code === code)) continue;
    const isLong = said - (one.since ? Date.parse(one.since) : started) > PATIENCE_MS;
    found.push({ code, weight: isLong ? "act" : weight, channel, since: one.since, detail: one.detail, to: "#outbox" });
  }
  return found;
}

/** @param {Live} live @returns {Finding[]} */
function outboxFindings({ health }) {
  const check = health?.checks["outbox"];
  if (!check) return [];
  /** @param {string} figure @param {string} code @param {Weight} weight @param {string} to @returns {Finding[]} */
  const of = (figure, code, weight, to) => {
    const count = Number(check[figure] ?? 0);
    return count > 0 ? [{ code, weight, count, detail: "", to }] : [];
  };
  const parked = Number(check["parked"] ?? 0);
  const unsure = Number(check["uncertain"] ?? 0) - parked;
  return [
    ...of("lost_uploads", "lostUploads", "act", "#outbox?channel=storage&state=refused"),
    ...of("parked", "parked", "act", "#outbox?state=uncertain"),
    ...of("suspect", "suspect", "act", "#logs"),
    ...(unsure > 0 ? [{ code: "unsure", weight: /** @type {Weight} */ ("wait"), count: unsure, detail: "", to: "#outbox?state=uncertain" }] : []),
  ];
}

/** @type {ReadonlySet<string>} whose findings have words of their own */
const TOLD = new Set(["database", "disk", "scheduler", "clock", "outbox", "camera", ...CHANNELS]);
/** What is only said while it ails, and where to look at it. @type {Record<string, string>} */
const AILING = { cutting: "#backgrounds", settings: "#settings" };

/** @param {Live} live @returns {Finding[]} what the kiosk checks and this page has no words for yet */
function otherFindings({ health }) {
  return Object.entries(health?.checks ?? {})
    .filter(([name, { status }]) => !TOLD.has(name) && (status === "degraded" || status === "failing"))
    .map(([name, { detail }]) => {
      const to = Object.hasOwn(AILING, name) ? AILING[name] : undefined;
      return { code: to ? name : "other", weight: "act", channel: name, detail, to: to ?? "#logs" };
    });
}

/** @param {Live} live @returns {Finding[]} the worst first; none: all is well */
export function findings(live) {
  const checks = live.health?.checks ?? {};
  /** @type {Finding[]} */
  const found = [];
  for (const [name, code] of STOPPED) {
    const check = checks[name];
    if (check?.status === "failing") found.push({ code, weight: "stop", detail: check.detail, to: "#logs" });
  }
  if (checks["disk"]?.status === "degraded") found.push({ code: "diskLow", weight: "act", detail: checks["disk"].detail, to: "#settings" });
  if (checks["database"]?.status === "degraded") found.push({ code: "alarm", weight: "act", detail: checks["database"].detail, to: "#care" });
  if (checks["camera"]?.status === "degraded") found.push({ code: "cameraSmall", weight: "act", detail: checks["camera"].detail, to: "#logs" });
  if (checks["clock"]?.status === "degraded") found.push({ code: "clock", weight: "act", detail: checks["clock"].detail, to: "#logs" });
  const rank = ["stop", "act", "wait"];
  return [...found, ...channelFindings(live), ...outboxFindings(live), ...otherFindings(live)].sort(
    (one, other) => rank.indexOf(one.weight) - rank.indexOf(other.weight),
  );
}

/** @param {Live} live @returns {"unknown" | "stop" | "act" | "wait" | "well"} the one word over all of it */
export function verdict(live) {
  if (!live.health || !live.connectivity) return "unknown";
  return findings(live)[0]?.weight ?? "well";
}

/** @param {Live["outbox"]} outbox @returns {{channel: string, waiting: number, since: string | null}[]} what is unfinished */
export function waiting(outbox) {
  return Object.entries(outbox?.counts ?? {})
    .map(([channel, states]) => ({
      channel,
      waiting: (states["waiting"] ?? 0) + (states["running"] ?? 0) + (states["uncertain"] ?? 0),
      since: outbox?.oldest[channel] ?? null,
    }))
    .filter((one) => one.waiting > 0);
}

/** @param {number} free bytes @param {{day: string, bytes: number}[]} days of the statistics @param {number} now
 * @returns {number | null} for how many days the disk lasts at the last week's pace; null: nothing to go by */
function diskDays(free, days, now) {
  const week = new Date(now - 7 * 86_400_000).toISOString().slice(0, 10);
  const written = days.filter(({ day }) => day > week).reduce((sum, { bytes }) => sum + bytes, 0);
  return written > 0 ? Math.floor(free / (written / 7)) : null;
}

/** @param {Live} live @param {{day: string, bytes: number}[]} days of the statistics @param {number} now
 * @returns {{code: "diskFull" | "diskLow" | "diskNoPace" | "diskLong" | "diskFor", days: number}} what the disk leads to */
export function diskOutlook(live, days, now) {
  const status = live.health?.checks["disk"]?.status;
  if (status === "failing") return { code: "diskFull", days: 0 };
  if (status === "degraded") return { code: "diskLow", days: 0 };
  const left = diskDays(Number(live.health?.checks["disk"]?.["free_bytes"] ?? 0), days, now);
  if (left === null) return { code: "diskNoPace", days: 0 };
  return { code: left > YEAR ? "diskLong" : "diskFor", days: left };
}
