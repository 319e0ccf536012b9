// @ts-check
/** The live stream: one connection while somebody looks, opened again after each cut. */
import { signal } from "../vendor/ui.js";
import { call } from "./api.js";

/** @typedef {{status: string, detail: string, [figure: string]: string | number}} Check
 * @typedef {{status: string, online: boolean, checks: Record<string, Check>, uptime_s: number, at: string}} Health
 * @typedef {{online: boolean, circuit: string, since: string | null, cause: string | null, detail: string}} Channel
 * @typedef {{online: boolean, channels: Record<string, Channel>}} Connectivity
 * @typedef {{counts: Record<string, Record<string, number>>, oldest: Record<string, string>}} Outbox
 * @typedef {{health: Health | null, connectivity: Connectivity | null, outbox: Outbox | null, heard: number | null, lost: boolean, full: boolean}} Live */

/** Health comes every ten seconds at the latest. */
export const SILENCE_MS = 25_000;
const AGAIN_MS = 3_000;
const TOPICS = /** @type {const} */ (["health", "connectivity", "outbox"]);

/** @type {Live} */
const NOTHING = { health: null, connectivity: null, outbox: null, heard: null, lost: false, full: false };

export const live = signal(NOTHING);
/** Moves each second: ages are told by it. */
export const now = signal(Date.now());

/** @param {Live} known @param {number} at @returns {boolean} whether what is shown may be old */
export function isCut(known, at) {
  return known.lost || known.heard === null || at - known.heard > SILENCE_MS;
}

/** @returns {Promise<void>} an EventSource does not say why it got nothing; that a session has ended is heard elsewhere */
async function askWhy() {
  const answer = await call("HEAD", "/admin/events");
  if (live.value.lost) live.value = { ...live.value, full: !answer.ok && answer.status === 503 };
}

/** @returns {() => void} ends it */
export function watch() {
  live.value = NOTHING;
  /** @type {EventSource | null} */
  let stream = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let again;
  let opened = 0;
  const close = () => {
    clearTimeout(again);
    stream?.close();
    stream = null;
  };
  const open = () => {
    close();
    opened = Date.now();
    stream = new EventSource("/admin/events");
    for (const topic of TOPICS) {
      stream.addEventListener(topic, (event) => {
        live.value = { ...live.value, [topic]: JSON.parse(event.data), heard: Date.now(), lost: false, full: false };
      });
    }
    stream.addEventListener("error", () => {
      // A refusal ends an EventSource for good, a cut does not; both begin anew here.
      close();
      live.value = { ...live.value, lost: true };
      void askWhy();
      again = setTimeout(open, AGAIN_MS);
    });
  };
  // A page that nobody looks at takes no place, and none of the browser's few connections.
  const shown = () => (document.hidden ? close() : open());
  document.addEventListener("visibilitychange", shown);
  const clock = setInterval(() => {
    now.value = Date.now();
    // A VPN that fell says nothing; a new connection does.
    if (stream && now.value - Math.max(opened, live.value.heard ?? 0) > SILENCE_MS) open();
  }, 1000);
  shown();
  return () => {
    close();
    clearInterval(clock);
    document.removeEventListener("visibilitychange", shown);
    live.value = NOTHING;
  };
}
