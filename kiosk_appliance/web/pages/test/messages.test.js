import assert from "node:assert/strict";
import { test } from "node:test";
import { LANGUAGES, called, isLanguage, messagesFor, noticeOf, sentence, typeset } from "../guest/messages.js";
import { problemOf } from "../guest/problems.js";

/** Every path of the messages, with what kind of thing stands there. */
function paths(value, path = "") {
  if (typeof value !== "object") return [`${path}: ${typeof value}`];
  return Object.entries(value).flatMap(([key, inner]) => paths(inner, `${path}.${key}`));
}

test("every language says everything", () => {
  for (const messages of Object.values(LANGUAGES)) {
    assert.deepEqual(paths(messages), paths(LANGUAGES.fr));
  }
});

test("no French line begins with a punctuation mark", () => {
  const text = JSON.stringify(LANGUAGES.fr) + LANGUAGES.fr.stillThereMore(3) + LANGUAGES.fr.privacy(1)
    + JSON.stringify(LANGUAGES.fr.whole(30, "x@y.fr"));
  assert.doesNotMatch(text, / [!?:;]/);
  assert.equal(typeset("Bienvenue ! Prenez", "fr"), "Bienvenue\u00a0! Prenez");
  assert.equal(typeset("Who ?", "en"), "Who ?");
});

test("the notice promises what every page behind the QR code keeps, and is recorded as a new one", () => {
  for (const [language, { whole, promiseYoung }] of Object.entries(LANGUAGES)) {
    const text = JSON.stringify(whole(30, null));
    assert.doesNotMatch(text, /deux gestes|two taps|zwei Berührungen|dos toques|due tocchi|twee tikken/);
    assert.doesNotMatch(text, /analys|ausgewertet|analiz|geanalyseerd/);
    assert.match(text, /détoure|cuts people out|freigestellt|recorta|ritagliat|uitgeknipt/);
    assert.equal(noticeOf(language), `${language}-2`);
    assert.doesNotMatch(promiseYoung, /s’il vous/);
  }
});

test("backdrops of ours have a name of their own in every language, others are as they are called", () => {
  for (const { given } of Object.values(LANGUAGES)) {
    assert.equal(new Set(Object.values(given)).size, 8);
    assert.equal(called(given, "Notre vitrine"), "Notre vitrine");
    assert.equal(called(given, "toString"), "toString");
  }
  assert.equal(called(LANGUAGES.en.given, "Ville la nuit"), "City at night");
});

test("an unknown language is French, an unknown code still has a sentence", () => {
  assert.equal(messagesFor("xx"), LANGUAGES.fr);
  assert.equal(sentence(LANGUAGES.fr.saveProblems, "brand-new"), LANGUAGES.fr.saveProblems.other);
});

test("what every object inherits is neither a language nor a sentence", () => {
  for (const name of ["toString", "__proto__", "constructor", "hasOwnProperty"]) {
    assert.ok(!isLanguage(name));
    assert.equal(messagesFor(name), LANGUAGES.fr);
    assert.equal(sentence(LANGUAGES.fr.saveProblems, name), LANGUAGES.fr.saveProblems.other);
  }
  assert.ok(isLanguage("en"));
});

test("each refusal has its remedy, and waits are neither a storm nor for ever", () => {
  assert.equal(problemOf({ code: "unreachable", wait_ms: 0 }).remedy, "auto");
  assert.equal(problemOf({ code: "insufficient-storage", wait_ms: 0 }).remedy, "auto");
  assert.equal(problemOf({ code: "storage-failed", wait_ms: 0 }).remedy, "retry");
  assert.equal(problemOf({ code: "photo-unreadable", wait_ms: 0 }).remedy, "retake");
  assert.equal(problemOf({ code: "background-unknown", wait_ms: 0 }).remedy, "plain");
  assert.equal(problemOf({ code: "brand-new", wait_ms: 0 }).remedy, "retry");
  assert.deepEqual([0, 4000, 3600000].map((wait_ms) => problemOf({ code: "overloaded", wait_ms }).wait_ms),
    [1500, 4000, 10000]);
});

test("the whole notice says as much in every language, with and without an end", () => {
  for (const { whole } of Object.values(LANGUAGES)) {
    for (const days of [null, 1, 30]) {
      assert.equal(whole(days, null).length, LANGUAGES.fr.whole(null, null).length);
      assert.ok(whole(days, "dpo@kiosk.example").some(([, text]) => text.includes("dpo@kiosk.example")));
    }
    assert.match(JSON.stringify(whole(30, null)), /30/);
  }
});
