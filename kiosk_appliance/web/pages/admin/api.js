// @ts-check
/** The admin paths as the page uses them. Answers are values, never exceptions. Shows nothing. */

/** @typedef {{ok: false, status: number, code: string, detail: string, errors: {field: string, message: string}[], wait_s: number}} Failure */
/** @template T @typedef {{ok: true, body: T} | Failure} Answer */
/** @template T @typedef {{items: T[], next_cursor: string | null, total: number}} Page */
/** @typedef {{channel: string, state: string, attempts: number, next_attempt_at: string | null, last_error: string | null}} Delivery
 * @typedef {Delivery & {id: string, capture_id: string, created_at: string}} OutboxItem
 * @typedef {{id: string, created_at: string, status: string, is_synced: boolean, sms_sent: boolean, download_url: string,
 *   photo_remote_url: string | null, deliveries: Delivery[], phone: string | null, email: string | null,
 *   background_id: string | null, width: number, height: number, file_size: number}} Capture
 * @typedef {{id: string, name: string, mode: string, is_active: boolean, display_order: number, file_url: string,
 *   thumbnail_url: string, file_size: number, width: number, height: number, created_at: string}} Background
 * @typedef {string | number | boolean | string[] | null} Value
 * @typedef {{key: string, value: Value, default: Value, origin: string, changeable: boolean, unit: string | null,
 *   minimum: string | number | null, maximum: string | number | null, set?: boolean, restart_needed?: boolean}} Setting
 * @typedef {{id: string, timestamp: string, level: string, component: string, message: string, correlation_id: string | null}} LogLine
 * @typedef {{id: string, at: string, actor: string, action: string, target: string | null, detail: string | null}} AuditLine
 * @typedef {{ok: boolean, detail: string, timings_ms: Record<string, number>}} Trial
 * @typedef {{totals: {captures: number, sms_sent: number, bytes: number}, per_day: {day: string, captures: number, sms_sent: number, bytes: number}[],
 *   delivery_delays: Record<string, {median_s: number, p95_s: number}>, failures: {channel: string, reason: string, count: number}[]}} Statistics */

const LIMIT_MS = 20_000;
/** A backup, an upload over a VPN, a provider that takes its time. */
export const PATIENT_MS = 600_000;

/** No answer, or one that was cut off. @type {Failure} */
const UNREACHABLE = { ok: false, status: 0, code: "unreachable", detail: "", errors: [], wait_s: 0 };

/** What is done once a session has ended. @type {() => void} */
let onEnd = () => {};

/** @param {() => void} act */
export function whenSessionEnds(act) {
  onEnd = act;
}

/** @param {Response} response @returns {Promise<Failure>} */
async function failure(response) {
  const said = await response.json().catch(() => ({}));
  return {
    ok: false,
    status: response.status,
    code: String(said.type ?? "unknown"),
    detail: String(said.detail ?? ""),
    errors: Array.isArray(said.errors) ? said.errors : [],
    wait_s: Number(response.headers.get("Retry-After") ?? 0),
  };
}

/**
 * @param {string} method @param {string} path @param {{json?: unknown, form?: FormData, limit_ms?: number, until?: AbortSignal}} [options]
 * @returns {Promise<Response | Failure>}
 */
async function ask(method, path, { json, form, limit_ms = LIMIT_MS, until } = {}) {
  const signals = [AbortSignal.timeout(limit_ms), ...(until ? [until] : [])];
  /** @type {RequestInit} */
  const init = { method, cache: "no-store", signal: AbortSignal.any(signals) };
  if (json !== undefined) Object.assign(init, { body: JSON.stringify(json), headers: { "Content-Type": "application/json" } });
  if (form) init.body = form;
  try {
    const response = await fetch(path, init);
    if (response.ok) return response;
    const found = await failure(response);
    if (found.status === 401 && path !== "/admin/login" && path !== "/admin/setup") onEnd();
    return found;
  } catch {
    return UNREACHABLE;
  }
}

/**
 * @template T
 * @param {string} method @param {string} path @param {Parameters<typeof ask>[2]} [options]
 * @returns {Promise<Answer<T>>}
 */
export async function call(method, path, options) {
  const response = await ask(method, path, options);
  if (!(response instanceof Response)) return response;
  try {
    const text = await response.text();
    return { ok: true, body: text ? JSON.parse(text) : null };
  } catch {
    return UNREACHABLE;
  }
}

/** @param {string} method @param {string} path @returns {Promise<Answer<{file: Blob, name: string}>>} a file to be saved */
export async function fetchFile(method, path) {
  const response = await ask(method, path, { limit_ms: PATIENT_MS });
  if (!(response instanceof Response)) return response;
  const named = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "");
  try {
    return { ok: true, body: { file: await response.blob(), name: named?.[1] ?? "kiosk" } };
  } catch {
    return UNREACHABLE;
  }
}

/** @param {string} path @param {Record<string, string | null | undefined>} fields @returns {string} with what is not empty as its query */
export function withQuery(path, fields) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (value) query.set(name, value);
  return query.size ? `${path}?${query}` : path;
}
