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

test("a picture that did not come in time is not now, one that can't be made is never", async (t) => {
  const answers = { 408: undefined, 422: null, 429: undefined, 503: undefined };
  for (const [status, said] of Object.entries(answers)) {
    t.mock.method(globalThis, "fetch", async () => new Response("{}", { status: Number(status) }));
    const { signal } = new AbortController();
    assert.equal(await picture(new Blob(["x"], { type: "image/jpeg" }), "scene", signal), said, status);
    t.mock.restoreAll();
  }
});
