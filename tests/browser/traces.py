"""The search for what a guest has left in a browser: in the document, in what is stored, in the
browser's log, in the page's JavaScript heap.

Not searched: what the browser holds outside that heap, such as memory that is free and not written
over yet.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from playwright.sync_api import CDPSession, Page

_STORAGE = """() => JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage),
  document.cookie, history.state, name, performance.getEntries().map((entry) => entry.name)])"""
_CACHES = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const { url } of await cache.keys()) {
      found.push(url, await (await cache.match(url)).text());
    }
  }
  return JSON.stringify(found);
}"""
_DATABASES = """async () => {
  const done = (asked) => new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  const found = [];
  for (const { name } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const objects = database.transaction(store).objectStore(store);
      found.push(await done(objects.getAllKeys()), await done(objects.getAll()));
    }
    database.close();
  }
  return JSON.stringify(found);
}"""


def search(page: Page, devtools: CDPSession, wanted: Mapping[str, str]) -> tuple[str, ...]:
    """Return which of the patterns are found, and where: `number in the heap`."""
    return tuple(
        f"{what} in the {where}"
        for where, text in _places(page, devtools)
        for what, pattern in wanted.items()
        if re.search(pattern, text)
    )


def digits(number: str) -> str:
    """Return a pattern for a number in any way of writing it: national or international, with
    anything but a digit or a new line between its digits.
    """
    return r"(?:&nbsp;|[^\d\n]{0,2})".join(number.removeprefix("0"))


def _places(page: Page, devtools: CDPSession) -> Iterator[tuple[str, str]]:
    yield "document", page.content()
    yield "storage", page.evaluate(_STORAGE)
    yield "caches", page.evaluate(_CACHES)
    yield "databases", page.evaluate(_DATABASES)
    yield "log", "\n".join(_logged(devtools))
    yield "heap", "\n".join(_heap_strings(devtools))


def _logged(devtools: CDPSession) -> list[str]:
    """Return the addresses and words that the browser has noted of the page: calls that failed."""
    entries: list[dict[str, Any]] = []

    def keep(one: dict[str, Any]) -> None:
        entries.append(one["entry"])

    devtools.on("Log.entryAdded", keep)
    devtools.send("Log.enable")
    devtools.send("Log.disable")
    devtools.remove_listener("Log.entryAdded", keep)
    return [f"{one['text']} {one.get('url', '')}" for one in entries]


def _heap_strings(devtools: CDPSession) -> list[str]:
    """Return every string that is alive in the page, after a collection: the first 1,024
    characters of each.
    """
    pieces: list[str] = []

    def keep(part: dict[str, Any]) -> None:
        pieces.append(part["chunk"])

    devtools.on("HeapProfiler.addHeapSnapshotChunk", keep)
    devtools.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False})
    devtools.remove_listener("HeapProfiler.addHeapSnapshotChunk", keep)
    strings: list[str] = json.loads("".join(pieces))["strings"]
    return strings
