import assert from "node:assert/strict";
import { test } from "node:test";
import { createServer } from "node:http";
import { call, withQuery } from "../admin/api.js";
import { dayBegins, masked, maskedEmail, moment, size, span } from "../admin/format.js";
import { en } from "../admin/messages.en.js";
import { fr } from "../admin/messages.fr.js";
import { kindOf, shown, typed } from "../admin/values.js";
import { diskOutlook, findings, verdict, waiting } from "../admin/verdict.js";
import { problem } from "../admin/words.js";

const NOW = Date.parse("2026-11-24T12:00:00Z");
const channel = (online, cause = null) => ({ online, cause, circuit: online ? "closed" : "open", since: null, detail: "" });
const kiosk = (checks = {}, channels = { storage: channel(true), sms: channel(true) }) => ({
  health: { status: "ok", online: true, uptime_s: 1, at: "", checks: { disk: { status: "ok", detail: "" }, ...checks } },
  connectivity: { online: Object.values(channels).every(({ online }) => online), channels },
  outbox: { counts: {}, oldest: {} },
  heard: NOW,
});
const codes = (live) => findings(live).map(({ code }) => code);

/** Every path of the messages, with what kind of thing stands there. */
function paths(value, path = "") {
  if (typeof value !== "object") return [`${path}: ${typeof value}`];
  return Object.entries(value).flatMap(([key, inner]) => paths(inner, `${path}.${key}`));
}

test("both languages say everything, and every finding has its words", () => {
  const bare = ({ units, ...messages }) => paths(messages);
  assert.deepEqual(bare(en), bare(fr));
  const failing = { status: "failing", detail: "x" };
  const poor = { status: "degraded", detail: "x" };
  const figures = { status: "degraded", detail: "", lost_uploads: 1, parked: 1, suspect: 1, uncertain: 3 };
  const worst = [
    kiosk({ disk: failing, database: failing, scheduler: failing, camera: failing, outbox: figures }),
    kiosk({ disk: poor, database: poor, clock: poor, camera: poor, cutting: poor, settings: poor, brandNew: poor }),
    ...["no-network", "captive-portal", "provider", "account", null].map((cause) => kiosk({}, { sms: channel(false, cause) })),
  ];
  const found = new Set(worst.flatMap(codes));
  assert.deepEqual([...found].sort(), Object.keys(fr.findings).sort());
  assert.doesNotMatch(JSON.stringify(fr), / [?!;»]| :(?: |")/);
});

test("the worst comes first and names all of it in a word", () => {
  assert.equal(verdict({ health: null, connectivity: null, outbox: null, heard: null }), "unknown");
  assert.equal(verdict(kiosk()), "well");
  const cut = { storage: channel(false, "no-network"), sms: channel(false, "no-network") };
  assert.deepEqual(codes(kiosk({}, cut)), ["network"]);
  assert.equal(verdict(kiosk({}, cut)), "wait");
  const full = kiosk({ disk: { status: "failing", detail: "" } }, { sms: channel(false, "account"), storage: channel(false, "provider") });
  assert.deepEqual(codes(full), ["diskFull", "account", "provider"]);
  assert.equal(verdict(full), "stop");
});

test("an outage of more than an hour wants somebody's eyes", () => {
  const at = (minutes) => {
    const sms = { ...channel(false, "no-network"), since: new Date(NOW - minutes * 60_000).toISOString() };
    const live = kiosk({}, { sms });
    return verdict({ ...live, health: { ...live.health, at: new Date(NOW).toISOString() } });
  };
  assert.deepEqual([59, 61].map(at), ["wait", "act"]);
});

test("an SMS that is looked up is nobody's task, one that is parked is", () => {
  const outbox = (figures) => kiosk({ outbox: { status: "degraded", detail: "", ...figures } });
  assert.equal(verdict(outbox({ uncertain: 2, parked: 0 })), "wait");
  assert.equal(verdict(outbox({ uncertain: 2, parked: 2 })), "act");
  assert.deepEqual(codes(outbox({ uncertain: 2, parked: 2 })), ["parked"]);
});

test("what waits is counted by channel with its age", () => {
  const outbox = { counts: { sms: { delivered: 9 }, storage: { waiting: 2, uncertain: 1, delivered: 5 } }, oldest: { storage: "x" } };
  assert.deepEqual(waiting(outbox), [{ channel: "storage", waiting: 3, since: "x" }]);
  assert.deepEqual(waiting(null), []);
});

test("the disk lasts as long as the last week says, and not at all once it is full", () => {
  const outlook = (days, disk = {}) => diskOutlook(kiosk({ disk: { status: "ok", detail: "", free_bytes: 700, ...disk } }), days, NOW);
  const days = [{ day: "2026-11-20", bytes: 70 }, { day: "2026-01-01", bytes: 1e9 }];
  assert.deepEqual(outlook(days), { code: "diskFor", days: 70 });
  assert.equal(outlook(days, { free_bytes: 7000 }).code, "diskLong");
  assert.equal(outlook([]).code, "diskNoPace");
  assert.equal(outlook(days, { status: "degraded" }).code, "diskLow");
  assert.equal(outlook(days, { status: "failing" }).code, "diskFull");
});

test("numbers and addresses are shown without whose they are", () => {
  assert.equal(masked("+33612345678"), "+33 •• •• •• 78");
  assert.equal(maskedEmail("anne@example.com"), "a•••@example.com");
});

test("spans and sizes take the one unit that says enough", () => {
  assert.deepEqual([5, 90, 130, 7300, 90_000, 200_000].map((s) => span(s, "en")), ["5 sec", "90 sec", "2 min", "2 hr", "25 hr", "2 days"]);
  assert.equal(size(1.5 * 2 ** 30, "en"), "1.5 GB");
  assert.equal(size(12, "en"), "12 bytes");
});

test("a date can't be read as another day, and has its seconds only where they count", () => {
  assert.equal(moment("2026-11-12T10:16:05", "en"), "12 Nov 2026, 10:16");
  assert.equal(moment("2026-11-12T10:16:05", "en", true), "12 Nov 2026, 10:16:05");
  assert.match(moment("2026-11-12T10:16:05", "fr"), /^12 nov\. 2026.* 10:16$/);
});

test("a day begins where its reader is, and ends where the next one begins", () => {
  assert.equal(dayBegins("2026-11-24"), new Date("2026-11-24T00:00").toISOString());
  assert.equal(dayBegins("2026-12-31", 1), new Date("2027-01-01T00:00").toISOString());
  assert.deepEqual([dayBegins("yesterday"), dayBegins(null), dayBegins("")], ["yesterday", null, ""]);
});

test("an answer that is cut off is none", async () => {
  const server = createServer((_, answer) => {
    answer.writeHead(200, { "Content-Length": "100" });
    answer.write('{"items": [');
    setTimeout(() => answer.destroy(), 20);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening()));
  const found = await call("GET", `http://127.0.0.1:${server.address().port}/`);
  server.close();
  assert.equal(found.code, "unreachable");
});

test("whoever tried too often is told for how long", () => {
  const refused = { code: "rate-limited", detail: "", errors: [], status: 429, ok: false };
  assert.match(problem({ ...refused, wait_s: 8 }), /8 secondes/);
  assert.equal(problem({ ...refused, wait_s: 0 }), fr.problems["rate-limited"]);
});

test("states and totals agree with their number", () => {
  assert.deepEqual([0, 1, 2].map(fr.totals.captures), ["photo en tout", "photo en tout", "photos en tout"]);
  assert.equal(en.totals.captures(1), "photo in all");
  assert.deepEqual(["en attente", "refusé"].map(fr.manyOf), ["en attente", "refusés"]);
  assert.equal(en.manyOf("refused"), "refused");
});

test("a setting comes back as it was shown", () => {
  const of = (value, more = {}) => ({ value, default: value, unit: null, minimum: null, ...more });
  for (const value of [true, false, 5, "45 s", ["FR", "BE"], null]) {
    assert.deepEqual(typed(shown(value), kindOf(of(value))), value);
  }
  assert.equal(kindOf(of(null, { unit: "characters", minimum: 1 })), "text");
  assert.equal(kindOf(of("x".repeat(80))), "words");
  assert.equal(typed("many", "number"), "many");
  assert.deepEqual(typed(" FR , ,BE", "list"), ["FR", "BE"]);
});

test("an address bears what is not empty", () => {
  assert.equal(withQuery("captures", { phone: "+33", state: "", cursor: null }), "captures?phone=%2B33");
  assert.equal(withQuery("captures", {}), "captures");
});
