// @ts-check
/** The languages there are, and the sentence for a code that may be new. */
import { de } from "./messages.de.js";
import { en } from "./messages.en.js";
import { es } from "./messages.es.js";
import { fr } from "./messages.fr.js";
import { it } from "./messages.it.js";
import { nl } from "./messages.nl.js";

/** @typedef {import("./messages.fr.js").Messages} Messages */

/** @type {Record<string, Messages>} in the order they are offered */
export const LANGUAGES = { fr, en, de, es, it, nl };

/** Grows whenever what the guest is told of her data changes: it is recorded with her photo. */
const NOTICE = 2;

/** @param {string} language @returns {string} which notice it was, such as `fr-2` */
export const noticeOf = (language) => `${language}-${NOTICE}`;

/** @param {string} code as anybody may write it in the address @returns {boolean} */
export function isLanguage(code) {
  return Object.hasOwn(LANGUAGES, code);
}

/** @param {string} language @returns {Messages} French where there is no such language */
export function messagesFor(language) {
  return (isLanguage(language) && LANGUAGES[language]) || fr;
}

/** @param {Record<string, string>} sentences @param {string} code @returns {string} */
export function sentence(sentences, code) {
  return (Object.hasOwn(sentences, code) && sentences[code]) || sentences["other"] || "";
}

/** @param {Record<string, string>} given the backdrops of ours @param {string} name
 * @returns {string} in the guest's language; an operator's own backdrop is called as she calls it */
export function called(given, name) {
  return (Object.hasOwn(given, name) && given[name]) || name;
}

/** @param {string} text the operator's @param {string} language @returns {string} as French sets it:
 * no line begins with an exclamation mark */
export function typeset(text, language) {
  return language === "fr" ? text.replace(/ (?=[!?:;»])/g, "\u00a0") : text;
}
