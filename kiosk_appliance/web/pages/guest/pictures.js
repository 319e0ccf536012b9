// @ts-check
/**
 * Pictures that did not come because the appliance was restarting: each is asked for again once it
 * answers. Knows no state; which pictures there are is the screens' matter.
 */
import { ping } from "./api.js";
import { repeat } from "./pace.js";

const RETURN_MS = 1000;

/** For the page's whole life. */
const { signal: always } = new AbortController();

/** What has had its second chance: one that the appliance does not have is not asked for for ever.
 * @type {WeakSet<HTMLImageElement>} */
const again = new WeakSet();

/** @param {HTMLImageElement} image */
function bring(image) {
  let away = false;
  void repeat(RETURN_MS, always, async () => {
    if (!image.isConnected) return true;
    if (!(await ping(always))) {
      away = true;
      return false;
    }
    if (away || !again.has(image)) image.src = String(image.getAttribute("src"));
    again.add(image);
    return true;
  });
}

/** Watches over the pictures of a document: their errors are heard on their way down only.
 * @param {EventTarget} document */
export function bringPictures(document) {
  document.addEventListener("error", ({ target }) => {
    if (target instanceof HTMLImageElement && !target.src.startsWith("blob:")) bring(target);
  }, true);
}
