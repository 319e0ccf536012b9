// @ts-check
/** The number: a pad of twelve keys, and one look at the whole before it is sent. */
import { html, useLayoutEffect } from "../../vendor/ui.js";
import { sentence } from "../messages.js";
import { display, international, plausible } from "../phone.js";
import { Button, Icon, Screen } from "./parts.js";

/** @typedef {import("./parts.js").ScreenProps} ScreenProps
 * @typedef {import("../model.js").Country} Country
 * @typedef {import("../model.js").Visit} Visit */

/** Chips that fit one row; other countries are typed with `+`. */
const COUNTRIES = 5;
const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "+", "0"];

/** A keyboard, where there is one, does what the pad does.
 * @param {ScreenProps & {visit: Extract<Visit, {at: "dial"}>}} props */
function useKeyboard({ say, visit }) {
  useLayoutEffect(() => {
    const onKey = (/** @type {KeyboardEvent} */ { key }) => {
      if (/^[0-9+]$/.test(key)) say({ type: "typed", key });
      else if (key === "Backspace") say({ type: "erase" });
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [visit.at]);
}

/** Where the operator sends to several countries: which one a number without `+` is of.
 * @param {ScreenProps & {chosen: Country | null}} props */
function Countries({ model: { config, language }, t, say, chosen }) {
  const countries = (config?.countries ?? []).slice(0, COUNTRIES);
  if (countries.length < 2) return null;
  const names = new Intl.DisplayNames([language], { type: "region" });
  return html`
    <div class="countries" role="group" aria-label=${t.countries}>
      ${countries.map(
        (country) => html`<button type="button" class="chip" key=${country.region}
          aria-pressed=${country.region === chosen?.region} aria-label="${country.region} +${country.calling}, ${names.of(country.region)}"
          onClick=${() => say({ type: "country", country })}>${country.region} <small>+${country.calling}</small></button>`,
      )}
    </div>`;
}

/** @param {ScreenProps & {visit: Extract<Visit, {at: "dial"}>}} props */
export function Dial(props) {
  const { model: { config }, t, say, visit } = props;
  const { digits, country, refusal } = visit;
  useKeyboard(props);
  const foreign = digits.startsWith("+") || digits.startsWith("00");
  const fits = plausible(digits, country);
  const known = fits && !foreign ? t.numberAs(display(international(digits, country), country)) : "";
  // Worth saying where there are countries without a chip; a line stays free for what may follow.
  const hint = known || ((config?.countries.length ?? 0) > COUNTRIES ? t.numberForeign : "\u00a0");
  // Seen as grey digits; heard, it would be somebody's number.
  const example = country.region === "FR" ? t.numberEmpty : `+${country.calling}`;
  const hero = html`
    <div class="entry">
      <output class="dialled ${digits ? "" : "empty"}" aria-label=${t.dial}>${display(digits, country) || html`<span aria-hidden="true">${example}</span>`}</output>
      <p class=${refusal ? "refusal" : "hint"}>${refusal ? sentence(t.numberProblems, refusal) : hint}</p>
      <${Countries} ...${props} chosen=${foreign ? null : country} />
    </div>
    <div class="keypad" role="group" aria-label=${t.keypad}>
      ${KEYS.map(
        (key) => html`<button type="button" class="key" key=${key} aria-label=${key === "+" ? t.plus : key}
          disabled=${key === "+" && digits !== ""} onClick=${() => say({ type: "typed", key })}>${key}</button>`,
      )}
      <button type="button" class="key" aria-label=${t.erase} disabled=${digits === ""}
        onClick=${() => say({ type: "erase" })}><${Icon} name="erase" /></button>
    </div>`;
  return html`
    <${Screen} at="dial" title=${t.dial} lead=${t.dialMore} hero=${hero}>
      <div class="actions">
        <${Button} icon="left" onTap=${() => say({ type: "done" })}>${t.back}<//>
        <${Button} look="main" disabled=${!fits || refusal !== null}
          onTap=${() => say({ type: "confirm" })}>${t.next}<//>
      </div>
    <//>`;
}

/** @param {ScreenProps & {visit: Extract<Visit, {at: "confirm" | "sending"}>}} props */
export function Confirm({ t, say, visit }) {
  const working = visit.at === "sending" && !visit.problem;
  const troubled = visit.at === "sending" && visit.problem;
  const number = html`<p class="whole">${display(visit.digits, visit.country)}</p>`;
  if (working) {
    return html`<${Screen} at="sending" title=${t.sending} hero=${number}>
      <div class="working" aria-hidden="true"><i></i><i></i><i></i></div>
    <//>`;
  }
  const waits = troubled && troubled.remedy === "auto";
  const title = troubled ? (waits ? t.wait : t.sendProblem) : t.confirm;
  const more = troubled ? (waits ? t.waitMore : t.sendProblemMore) : t.confirmMore;
  const again = () => say({ type: troubled ? "retry" : "send" });
  return html`
    <${Screen} at=${visit.at} title=${title} lead=${more} hero=${number}>
      <div class="actions">
        <${Button} onTap=${() => say({ type: "correct" })}>${t.correct}<//>
        <${Button} look="main" onTap=${again}>${troubled ? t.retry : t.send}<//>
      </div>
    <//>`;
}
