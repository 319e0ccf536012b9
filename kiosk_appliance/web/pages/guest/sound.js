// @ts-check
/**
 * What the page sounds like, made on the spot: no file, no stream, nothing left over. Knows no
 * state; browsers let it sound after the guest's first touch.
 */

/** @type {AudioContext | null} one for the page's whole life: a browser has only a few to give */
let context = null;

/** @param {number} pitch in hertz @param {number} start_s from now @param {number} length_s
 * @param {OscillatorType} [shape] @param {number} [loudness] 0 to 1 */
function note(pitch, start_s, length_s, shape = "sine", loudness = 0.22) {
  context ??= new AudioContext();
  if (context.state === "suspended") void context.resume();
  const from = context.currentTime + start_s;
  const voice = new OscillatorNode(context, { type: shape, frequency: pitch });
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(0, from);
  volume.gain.linearRampToValueAtTime(loudness, from + 0.012);
  volume.gain.exponentialRampToValueAtTime(0.0008, from + length_s);
  voice.connect(volume).connect(context.destination);
  voice.onended = () => volume.disconnect();
  voice.start(from);
  voice.stop(from + length_s);
}

/** Each second of the countdown; the last one is told by its pitch. @param {boolean} last */
export const beep = (last) => note(last ? 1174.7 : 587.3, 0, last ? 0.4 : 0.16, "triangle");

/** The frame is taken. */
export function click() {
  note(2100, 0, 0.05, "square", 0.08);
  note(1300, 0.07, 0.07, "square", 0.08);
}

/** Something has come to a good end. */
export function chime() {
  [523.3, 659.3, 784].forEach((pitch, nth) => note(pitch, nth * 0.11, 0.5));
}

/** Somebody is wanted. */
export function knock() {
  note(440, 0, 0.2, "triangle");
  note(440, 0.3, 0.2, "triangle");
}
