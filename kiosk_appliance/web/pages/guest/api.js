// @ts-check
/**
 * The appliance's HTTP interface as the page uses it. Answers are values, never exceptions: a
 * failure is a code the guest's sentence is chosen by. Knows no state and shows nothing.
 */

/** @typedef {import("./model.js").Config} Config
 * @typedef {import("./model.js").Background} Background
 * @typedef {import("./model.js").Link} Link
 * @typedef {import("./model.js").Sms} Sms
 * @typedef {{ok: false, code: string, status: number, wait_ms: number}} Failure */
/** @template T @typedef {{ok: true, body: T} | Failure} Answer */

const QUICK_MS = 5000;
const UPLOAD_MS = 45000;

/** @type {Failure} */
const UNREACHABLE = { ok: false, code: "unreachable", status: 0, wait_ms: 0 };

/** @param {string} address as the appliance gives it @returns {string} the same on this origin: the
 * public one may be a name that the kiosk itself can't reach */
export function local(address) {
  const { pathname, search } = new URL(address, location.href);
  return pathname + search;
}

/**
 * @template T
 * @param {string} path @param {AbortSignal} signal @param {RequestInit} [init] @param {number} [limit]
 * @returns {Promise<Answer<T>>}
 */
async function call(path, signal, init = {}, limit = QUICK_MS) {
  const headers = { Accept: "application/json", .../** @type {object} */ (init.headers) };
  try {
    const either = AbortSignal.any([signal, AbortSignal.timeout(limit)]);
    const response = await fetch(path, { cache: "no-store", ...init, headers, signal: either });
    const body = await response.json();
    if (response.ok) return { ok: true, body };
    const wait_ms = 1000 * Number(response.headers.get("Retry-After") ?? 0);
    return { ok: false, code: String(body.type ?? "unknown"), status: response.status, wait_ms };
  } catch {
    // No connection, no answer in time, or an answer that is not the appliance's.
    return UNREACHABLE;
  }
}

/** @param {AbortSignal} signal @returns {Promise<boolean>} */
export async function ping(signal) {
  return (await call("/health/ping", signal)).ok;
}

/** @param {AbortSignal} signal @returns {Promise<string | null | undefined>} the code that a photo
 * taken now would be refused with, null for none; undefined: not known now */
export async function obstacle(signal) {
  /** @type {Answer<{obstacle: string | null}>} */
  const answer = await call("/guest/now.json", signal);
  return answer.ok ? answer.body.obstacle : undefined;
}

/** @param {AbortSignal} signal
 * @returns {Promise<{config: Config, backgrounds: Background[]} | null>} */
export async function settings(signal) {
  const [config, backgrounds] = await Promise.all([
    /** @type {Promise<Answer<Config>>} */ (call("/guest/config.json", signal)),
    /** @type {Promise<Answer<Background[]>>} */ (call("/api/backgrounds", signal)),
  ]);
  return config.ok && backgrounds.ok ? { config: config.body, backgrounds: backgrounds.body } : null;
}

/**
 * @param {import("./model.js").Shot & {key: string}} shot the same key again creates nothing new
 * @param {string} notice which text on data protection the guest was shown @param {AbortSignal} signal
 * @returns {Promise<Answer<{id: string, token: string, status: string, online: boolean}>>}
 */
export async function capture({ photo, background, marketing, key }, notice, signal) {
  const body = await photo.jpeg;
  if (!body) return { ...UNREACHABLE, code: "photo-unreadable" };
  const query = new URLSearchParams({ consent: JSON.stringify({ marketing }) });
  if (background) query.set("background_id", background.id);
  const headers = { "Content-Type": "image/jpeg", "Idempotency-Key": key, "Notice-Version": notice };
  return call(`/api/capture?${query}`, signal, { method: "POST", body, headers }, UPLOAD_MS);
}

/** @param {string} address of a background's file @param {AbortSignal} until
 * @returns {Promise<Uint8Array | null>} null: not now */
export async function file(address, until) {
  try {
    const answer = await fetch(address, { signal: until });
    return answer.ok ? new Uint8Array(await answer.arrayBuffer()) : null;
  } catch {
    return null;
  }
}

/** @param {string} phone @param {AbortSignal} signal @returns {Promise<string | null>} why no SMS would
 * reach it; null: nothing is known against it */
export async function numberRefusal(phone, signal) {
  const headers = { "Content-Type": "application/json" };
  /** @type {Answer<{refusal: string | null}>} */
  const answer = await call("/guest/number", signal, { method: "POST", body: JSON.stringify({ phone }), headers });
  return answer.ok ? answer.body.refusal : null;
}

/** @param {string} phone @param {string} capture_id @param {string} language of the SMS
 * @param {AbortSignal} signal @returns {Promise<Answer<{sms_id: string, online: boolean}>>} */
export function sendSms(phone, capture_id, language, signal) {
  const body = JSON.stringify({ phone, capture_id });
  const headers = { "Content-Type": "application/json", "Accept-Language": language };
  return call("/api/send-sms", signal, { method: "POST", body, headers });
}

/** @param {string} token @param {AbortSignal} signal
 * @returns {Promise<Blob | null>} the QR code as a picture; null: not now */
export async function qrCode(token, signal) {
  try {
    const either = AbortSignal.any([signal, AbortSignal.timeout(QUICK_MS)]);
    const address = `/api/qr/${encodeURIComponent(token)}?format=svg&size=1024`;
    const answer = await fetch(address, { cache: "no-store", signal: either });
    return answer.ok ? await answer.blob() : null;
  } catch {
    return null;
  }
}

/** @param {Blob} frame square @param {AbortSignal} until @returns {Promise<ImageBitmap | null>} white
 * where people are on it; null: not now */
export async function mask(frame, until) {
  try {
    const either = AbortSignal.any([until, AbortSignal.timeout(QUICK_MS)]);
    const headers = { "Content-Type": frame.type };
    const answer = await fetch("/api/preview/mask", { method: "POST", body: frame, headers, signal: either });
    return answer.ok ? await createImageBitmap(await answer.blob()) : null;
  } catch {
    return null;
  }
}

/** @param {Blob} photo @param {string} background its id @param {AbortSignal} until
 * @returns {Promise<{jpeg: Blob, framed: boolean} | null | undefined>} the picture that the appliance
 *   would make of it, no larger than this screen, and whether it is framed for want of a clean cut;
 *   nothing is kept; null: it makes none of this; undefined: not now */
export async function picture(photo, background, until) {
  try {
    const either = AbortSignal.any([until, AbortSignal.timeout(UPLOAD_MS)]);
    const [width, height] = [innerWidth, innerHeight].map((side) => Math.max(1, Math.round(side * devicePixelRatio)));
    // What the screen can't show would only be decoded and scaled while she waits.
    const screen = `width=${width}&height=${height}`;
    const address = `/api/preview/picture?background_id=${encodeURIComponent(background)}&${screen}`;
    const headers = { "Content-Type": photo.type };
    const answer = await fetch(address, { method: "POST", body: photo, headers, signal: either });
    if (answer.ok) return { jpeg: await answer.blob(), framed: answer.headers.get("Cut-Out") === "framed" };
    return answer.status < 500 && ![408, 429].includes(answer.status) ? null : undefined;
  } catch {
    return undefined;
  }
}

/** @param {{state: string, width?: number, height?: number}} seen @param {AbortSignal} signal
 * @returns {Promise<boolean>} false: nobody has heard it */
export async function tellCamera(seen, signal) {
  try {
    const headers = { "Content-Type": "application/json" };
    const either = AbortSignal.any([signal, AbortSignal.timeout(QUICK_MS)]);
    await fetch("/guest/camera", { method: "PUT", body: JSON.stringify(seen), headers, signal: either });
    return true;
  } catch {
    return false;
  }
}

/** @param {boolean} synced @param {boolean} online @returns {Link} */
export function linkState(synced, online) {
  if (synced) return "ready";
  return online ? "soon" : "later";
}

/** @type {Record<string, Sms>} states that say enough by themselves; the others wait */
const ENDED = { delivered: "sent", uncertain: "unsure", expired: "failed", refused: "refused", cancelled: "failed" };

/** A number that was refused says nothing of the one that the guest gave after it.
 * @param {{channel: string, state: string}[]} deliveries @param {boolean} sent @param {boolean} online
 * @returns {Sms | null} */
export function smsState(deliveries, sent, online) {
  const states = deliveries.filter(({ channel }) => channel === "sms").map(({ state }) => state);
  const state = states.find((one) => one !== "refused") ?? states[0];
  if (sent || state === undefined) return sent ? "sent" : null;
  return (Object.hasOwn(ENDED, state) && ENDED[state]) || (online ? "leaving" : "waiting");
}

/**
 * @param {string} id of the capture @param {AbortSignal} signal
 * @returns {Promise<{link: Link, sms: Sms | null} | null>} null: not known now
 */
export async function follow(id, signal) {
  const [status, front] = await Promise.all([
    /** @type {Promise<Answer<{is_synced: boolean, sms_sent: boolean,
     *   deliveries: {channel: string, state: string}[]}>>} */ (
      call(`/api/status/${encodeURIComponent(id)}`, signal)
    ),
    /** @type {Promise<Answer<{online: boolean}>>} */ (call("/", signal)),
  ]);
  if (!status.ok || !front.ok) return null;
  const { online } = front.body;
  const { is_synced, sms_sent, deliveries } = status.body;
  return { link: linkState(is_synced, online), sms: smsState(deliveries, sms_sent, online) };
}
