// @ts-check
/**
 * Who is there: the guest, who may have walked away, and the appliance, which may be restarting or
 * have new settings.
 */
import * as api from "./api.js";
import { isLanguage } from "./messages.js";
import { PLAIN, asksAhead, canIdle } from "./model.js";
import { after, repeat } from "./pace.js";

/** @typedef {import("./duties.js").Duty} Duty */

const WATCH_MS = 3000;
/** While the appliance is away: its guest waits. */
const RETURN_MS = 1000;
const REFRESH_MS = 30000;
const THANKS_MS = 6000;
/** Long enough to take the phone out once more. */
const REVIEW_MS = 25000;
/** Seconds of warning before an idle visit is wiped: no fewer, by WCAG 2.2.1. */
const WARNING_S = 20;
const IDLE_S = 45;

/** @returns {string | undefined} the language that the address asks for, if there is such a one */
export function askedLanguage() {
  const asked = new URLSearchParams(location.search).get("lang");
  return asked && isLanguage(asked) ? asked : undefined;
}

/** @param {import("./model.js").Config} config @returns {import("./model.js").Config} in the language
 * asked for; the operator's own words are not in it */
function inFirstLanguage(config) {
  const asked = askedLanguage();
  if (!asked || asked === config.language) return config;
  return { ...config, language: asked, welcome_message: "", success_message: "" };
}

/** @type {Duty} what the operator changes reaches the page between two guests */
export const configure = {
  when: ({ config, visit }) => (config && visit.at !== "attract" ? null : `configure ${!config}`),
  run: ({ now, say, until }) =>
    void repeat(now.config ? REFRESH_MS : RETURN_MS, until, async () => {
      const settings = await api.settings(until);
      if (!settings || until.aborted) return false;
      say({ type: "configured", ...settings, config: inFirstLanguage(settings.config) });
      return false;
    }),
};

/** @type {Duty} */
export const watchServer = {
  when: ({ server }) => server,
  run: ({ now, say, until }) =>
    void repeat(now.server === "up" ? WATCH_MS : RETURN_MS, until, async () => {
      say({ type: "server", server: (await api.ping(until)) ? "up" : "down" });
      return false;
    }),
};

/** @type {Duty} nobody poses for a photo that could not be kept */
export const askAhead = {
  when: ({ visit }) => (asksAhead(visit) ? "ask" : null),
  run: ({ say, until }) =>
    void repeat(WATCH_MS, until, async () => {
      const obstacle = await api.obstacle(until);
      if (obstacle !== undefined && !until.aborted) say({ type: "obstacle", obstacle });
      return false;
    }),
};

/** @type {Duty} what somebody who then left had chosen, be it her language or larger text,
 * is not the next guest's */
export const forgetChoices = {
  when: ({ visit, config, language, comfort }) =>
    visit.at === "attract" && config && (language !== config.language || comfort !== PLAIN)
      ? `${language} ${JSON.stringify(comfort)}`
      : null,
  run: ({ now, say, until }) =>
    after(1000 * (now.config?.idle_timeout_s ?? IDLE_S), until, () => say({ type: "wipe" })),
};

/** @type {Duty} */
export const farewell = {
  when: ({ visit }) => (visit.at === "thanks" ? "thanks" : null),
  run: ({ now, say, until }) => after(now.config?.review ? REVIEW_MS : THANKS_MS, until, () => say({ type: "wipe" })),
};

/** @type {Duty} nobody touches the screen: warn, then forget the guest */
export const idle = {
  when: ({ visit, warning }) => (canIdle(visit) ? `${visit.at} ${warning === null}` : null),
  run: ({ now, say, until }) => {
    if (now.warning !== null) {
      const { warning } = now;
      // Not the time of day: NTP may set it back, and the guest would stay on the screen.
      const end = performance.now() + 1000 * warning;
      const timer = setInterval(() => {
        const left = Math.ceil((end - performance.now()) / 1000);
        say(left > 0 ? { type: "warning", left } : { type: "wipe" });
      }, 1000);
      until.addEventListener("abort", () => clearInterval(timer), { once: true });
      return;
    }
    const calm_ms = 1000 * Math.max(5, (now.config?.idle_timeout_s ?? IDLE_S) - WARNING_S);
    const warn = () => say({ type: "warning", left: WARNING_S });
    let timer = setTimeout(warn, calm_ms);
    const touched = () => {
      clearTimeout(timer);
      timer = setTimeout(warn, calm_ms);
    };
    addEventListener("pointerdown", touched, { signal: until });
    addEventListener("keydown", touched, { signal: until });
    until.addEventListener("abort", () => clearTimeout(timer), { once: true });
  },
};
