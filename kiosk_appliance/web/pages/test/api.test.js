import assert from "node:assert/strict";
import { test } from "node:test";
import { picture, smsState } from "../guest/api.js";

const sms = (...states) => states.map((state) => ({ channel: "sms", state }));

test("a delivery's state is said in the guest's words", () => {
  const storage = { channel: "storage", state: "refused" };
  assert.equal(smsState([storage], false, true), null);
  assert.equal(smsState([storage, ...sms("waiting")], false, true), "leaving");
  assert.equal(smsState(sms("waiting"), false, false), "waiting");
  assert.equal(smsState(sms("refused"), false, true), "refused");
  assert.equal(smsState(sms("expired"), false, true), "failed");
  assert.equal(smsState(sms("constructor"), false, true), "leaving");
});

test("after a correction it is the new number's SMS that counts, wherever it stands", () => {
  for (const states of [["refused", "waiting"], ["waiting", "refused"]]) {
    assert.equal(smsState(sms(...states), false, true), "leaving");
  }
  assert.equal(smsState(sms("refused", "delivered"), true, true), "sent");
  assert.equal(smsState(sms("refused", "refused"), false, true), "refused");
});

const SCREEN = { innerWidth: 540, innerHeight: 960.4, devicePixelRatio: 2 };
const PHOTO = new Blob(["x"], { type: "image/jpeg" });

test("a picture that did not come in time is not now, one that can't be made is never", async (t) => {
  Object.assign(globalThis, SCREEN);
  const answers = { 408: undefined, 422: null, 429: undefined, 503: undefined };
  for (const [status, said] of Object.entries(answers)) {
    t.mock.method(globalThis, "fetch", async () => new Response("{}", { status: Number(status) }));
    const { signal } = new AbortController();
    assert.equal(await picture(PHOTO, "scene", signal), said, status);
    t.mock.restoreAll();
  }
});

test("a picture is asked for as large as the screen, in its own pixels", async (t) => {
  for (const [screen, asked] of [[SCREEN, "width=1080&height=1921"], [{ innerWidth: 0, innerHeight: 0 }, "width=1&height=1"]]) {
    Object.assign(globalThis, screen);
    const { mock } = t.mock.method(globalThis, "fetch", async () => new Response("{}", { status: 503 }));
    await picture(PHOTO, "a b", new AbortController().signal);
    assert.equal(mock.calls[0].arguments[0], `/api/preview/picture?background_id=a%20b&${asked}`);
    t.mock.restoreAll();
  }
});
