"""axe-core beside the page: it sees its elements, not its scripts, policy or stopped clock."""

import json
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page

SOURCE: Final = Path("kiosk_appliance/web/pages/node_modules/axe-core/axe.min.js")
_RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


class Axe:
    """axe-core in a JavaScript world of its own; a page that is loaded anew needs another."""

    def __init__(self, page: Page) -> None:
        """Begin beside a loaded page."""
        self._devtools = page.context.new_cdp_session(page)
        frame = self._devtools.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
        world = self._devtools.send("Page.createIsolatedWorld", {"frameId": frame})
        self._world = world["executionContextId"]
        self._run(SOURCE.read_text(encoding="utf-8") + "; null")

    def faults(self) -> list[str]:
        """Return what breaks a rule of WCAG 2.0 to 2.2, A or AA, each with the element's HTML."""
        found = self._run(f"axe.run(document, {{runOnly: {json.dumps(_RULES)}}})")["violations"]
        return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]

    def _run(self, expression: str) -> Any:
        asked = {"expression": expression, "contextId": self._world}
        answer = self._devtools.send(
            "Runtime.evaluate", asked | {"awaitPromise": True, "returnByValue": True}
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")
