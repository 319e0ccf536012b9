// @ts-check
/**
 * How fingers are read: each presses for itself, a press that slides a little is still one, two scroll
 * as one does and zoom nothing, and the second of two taps at one place never reaches what the first
 * one has brought. Knows no state of the page.
 */

/** As far as a finger slides that means to press (px); further, it scrolls. */
const SLIDE = 40;
/** Less is a tap to every browser. */
const STILL = 8;
/** Longer after a press, what appears is not its doing. */
const DOING_MS = 1000;

/** `ours`: the browser will make no click of it. @typedef {{button: WeakRef<HTMLButtonElement>, x: number, y: number, ours: boolean}} Press */

/** The last press, whatever it was on. @type {{x: number, y: number, at: number} | null} */
let last = null;

/** @param {{clientX: number, clientY: number}} place */
function note({ clientX, clientY }) {
  last = { x: clientX, y: clientY, at: performance.now() };
}

/** @param {Touch} touch @returns {HTMLButtonElement | null} what hears it: nothing that is deaf or covered */
function buttonUnder({ clientX, clientY }) {
  return document.elementFromPoint(clientX, clientY)?.closest("button") ?? null;
}

/** Scrolls by the finger that has moved furthest: of two the browser takes none, be one a hand that
 * only rests on the glass. @param {Touch[]} touches @param {Map<number, number>} rows where each was */
function scroll(touches, rows) {
  const ways = touches.map((touch) => ({
    on: touch.target instanceof Element && touch.target.closest(".reading, dialog, main"),
    way: (rows.get(touch.identifier) ?? row(touch)) - row(touch),
  }));
  const [furthest] = ways.filter(({ on }) => on).sort((one, other) => Math.abs(other.way) - Math.abs(one.way));
  if (furthest?.on) furthest.on.scrollBy(0, furthest.way);
}

/** In whole pixels: of less nothing would come, however often. @param {Touch} touch */
function row({ clientY }) {
  return Math.round(clientY);
}

/** Chromium takes a finger that slides 15 px for one that scrolls, and forgets the tap; of two fingers
 * at once, be one a hand that only rests on the glass, it makes no click at all. */
export function readFingers() {
  /** By finger. @type {Map<number, Press>} */
  const presses = new Map();
  /** Where each finger was last, from the top. @type {Map<number, number>} */
  const rows = new Map();

  addEventListener("touchstart", ({ changedTouches, touches }) => {
    for (const touch of changedTouches) {
      const button = buttonUnder(touch);
      rows.set(touch.identifier, row(touch));
      presses.delete(touch.identifier); // the end of a touch is not heard once what it was on has gone
      // Weakly for the same reason: a button holds the screen that it stood on, and its guest.
      if (button) presses.set(touch.identifier, { button: new WeakRef(button), x: touch.clientX, y: touch.clientY, ours: false });
    }
    if (touches.length > 1) for (const press of presses.values()) press.ours = true;
  }, { passive: true });

  addEventListener("touchmove", (event) => {
    const moved = [...event.changedTouches];
    for (const { identifier, clientX, clientY } of moved) {
      const press = presses.get(identifier);
      const way = press ? Math.hypot(clientX - press.x, clientY - press.y) : 0;
      if (way > SLIDE) presses.delete(identifier);
      else if (press && way > STILL) press.ours = true;
    }
    if (event.touches.length > 1) scroll(moved.filter(({ identifier }) => !presses.has(identifier)), rows);
    for (const touch of moved) rows.set(touch.identifier, row(touch));
    const pressing = moved.every(({ identifier }) => presses.get(identifier)?.ours);
    if (pressing && event.cancelable) event.preventDefault();
  }, { passive: false });

  addEventListener("touchend", (event) => {
    for (const touch of event.changedTouches) {
      const press = presses.get(touch.identifier);
      presses.delete(touch.identifier);
      rows.delete(touch.identifier);
      const pressed = press?.ours ? press.button.deref() : null;
      if (!pressed || buttonUnder(touch) !== pressed) continue;
      if (event.cancelable) event.preventDefault(); // one click, whether or not the browser would make one
      // A thumb laid flat may be two touches, a palm more: together they press once.
      for (const [finger, { button }] of presses) if (button.deref() === pressed) presses.delete(finger);
      note(touch); // the finger that was laid down last may be another
      pressed.click();
    }
  }, { passive: false });

  addEventListener("touchcancel", ({ changedTouches }) => {
    for (const { identifier } of changedTouches) {
      presses.delete(identifier);
      rows.delete(identifier);
    }
  });
}

/** Notes where each press begins. */
export function notePresses() {
  addEventListener("pointerdown", note, { capture: true });
}

/** @param {HTMLElement} shield goes where the finger has just been, or away if it has not */
export function layUnderFinger(shield) {
  shield.hidden = !last || performance.now() - last.at > DOING_MS;
  if (!last) return;
  shield.style.left = `${last.x}px`;
  shield.style.top = `${last.y}px`;
}
