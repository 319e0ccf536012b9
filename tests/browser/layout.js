/**
 * What is wrong with the layout on screen now, as sentences: text that is cut, torn, off the screen
 * or under something else; controls too small or too near each other. Read by `layout.py`.
 * @param {{target: number, key: number, gap: number, qr: number}} least in CSS pixels; `qr` is a share
 * of the screen's short side
 * @returns {string[]}
 */
({ target, key, gap, qr }) => {
  const faults = [];
  const root = document.querySelector("dialog[open]") ?? document.querySelector("#page");
  const screen = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
  const short = (text) => text.trim().replace(/\s+/g, " ").slice(0, 40);
  const named = (element) =>
    `${element.className || element.tagName} "${short(element.ariaLabel ?? element.textContent)}"`;
  const inside = (inner, outer) => inner.left >= outer.left - 1 && inner.right <= outer.right + 1
    && inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;
  const apart = (one, other) => Math.max(
    Math.max(one.left, other.left) - Math.min(one.right, other.right),
    Math.max(one.top, other.top) - Math.min(one.bottom, other.bottom),
  );
  const meet = (one, other) => apart(one, other) < -1;
  /** What can be scrolled by keys and fingers shows the rest of itself. */
  const reveals = (element) => element.tabIndex >= 0 && element.scrollHeight > element.clientHeight;
  const within = (element, holds) => {
    for (let one = element; one && one !== document.body; one = one.parentElement) if (holds(one)) return one;
    return null;
  };
  const clips = (element) => getComputedStyle(element).overflow !== "visible";

  /** Why a rectangle of `element` is not seen whole, or null. */
  const hidden = (element, rect) => {
    const cutter = within(element, (one) => clips(one) && !inside(rect, one.getBoundingClientRect()));
    if (cutter) return `cut by ${cutter.className || cutter.tagName}`;
    return inside(rect, screen) ? null : "off the screen";
  };

  const pen = new OffscreenCanvas(1, 1).getContext("2d");
  /** How much of a line's height lies above and below its ink. */
  const margins = (element, words) => {
    const { fontStyle, fontWeight, fontSize, fontFamily } = getComputedStyle(element);
    pen.font = `${fontStyle} ${fontWeight} ${fontSize} ${fontFamily}`;
    const of = pen.measureText(words);
    return [of.fontBoundingBoxAscent - of.actualBoundingBoxAscent, of.fontBoundingBoxDescent - of.actualBoundingBoxDescent];
  };

  /** Each line of each text by its ink, and the block that it belongs to. */
  const lines = [];
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    let owner = text.parentElement;
    if (!text.data.trim() || !owner.checkVisibility() || owner.closest(".unseen")) continue;
    const [above, below] = margins(owner, text.data);
    while (getComputedStyle(owner).display.startsWith("inline") && owner.tagName !== "BUTTON") owner = owner.parentElement;
    const range = document.createRange();
    range.selectNodeContents(text);
    const scroller = within(owner, reveals)?.getBoundingClientRect();
    for (const { left, right, top, bottom } of range.getClientRects()) {
      const line = { owner, words: short(text.data), left, right, top: top + above, bottom: bottom - below };
      if (right - left >= 1 && (!scroller || inside(line, scroller))) lines.push(line);
    }
    for (const { index, 0: word } of text.data.matchAll(/[^\s-]+/g)) {
      range.setStart(text, index);
      range.setEnd(text, index + word.length);
      if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1) faults.push(`torn: ${word}`);
    }
  }
  for (const line of lines) {
    const why = hidden(line.owner, line);
    if (why) faults.push(`text "${line.words}": ${why}`);
  }
  lines.forEach((line, nth) => {
    for (const other of lines.slice(nth + 1)) {
      if (other.owner !== line.owner && meet(line, other)) faults.push(`text "${line.words}" over text "${other.words}"`);
    }
  });

  const solid = [...root.querySelectorAll("button, .qr, .print, .keypad, .blind, .count, .logo")]
    .filter((one) => one.checkVisibility() && !one.closest(".deck, .poster"));
  for (const one of solid) {
    const box = one.getBoundingClientRect();
    for (const line of lines) {
      if (one.contains(line.owner)) {
        if (!inside(line, box)) faults.push(`text "${line.words}" runs out of ${named(one)}`);
      } else if (meet(line, box)) faults.push(`text "${line.words}" over ${named(one)}`);
    }
    const why = hidden(one.parentElement, box);
    if (why) faults.push(`${named(one)}: ${why}`);
  }
  solid.forEach((one, nth) => {
    for (const other of solid.slice(nth + 1)) {
      if (one.contains(other) || other.contains(one)) continue;
      if (meet(one.getBoundingClientRect(), other.getBoundingClientRect())) faults.push(`${named(one)} over ${named(other)}`);
    }
  });

  for (const one of root.querySelectorAll(".qr")) {
    const { width, height } = one.getBoundingClientRect();
    if (Math.min(width, height) < qr * Math.min(innerWidth, innerHeight)) faults.push(`${named(one)} is ${Math.round(width)} by ${Math.round(height)}`);
  }

  const controls = solid.filter((one) => one.matches("button"));
  for (const one of controls) {
    const { width, height } = one.getBoundingClientRect();
    const least = one.matches(innerWidth > 640 ? ".key" : ".key, .aid") ? key : target;
    if (Math.min(width, height) < least - 0.5) faults.push(`${named(one)} is ${Math.round(width)} by ${Math.round(height)}`);
  }
  controls.forEach((one, nth) => {
    for (const other of controls.slice(nth + 1)) {
      const between = apart(one.getBoundingClientRect(), other.getBoundingClientRect());
      if (between < gap - 0.5) faults.push(`${Math.round(between)} px between ${named(one)} and ${named(other)}`);
    }
  });

  for (const one of root.matches("dialog") ? [root] : root.querySelectorAll("main")) {
    if (one.scrollHeight > one.clientHeight || one.scrollWidth > one.clientWidth) {
      faults.push(`${named(one).slice(0, 30)} is ${one.scrollHeight - one.clientHeight} px too long, ${one.scrollWidth - one.clientWidth} too wide`);
    }
  }
  return [...new Set(faults)];
}
