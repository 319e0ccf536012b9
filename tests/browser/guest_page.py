"""The guest page as a guest uses it: by taps on what it says, in French or English.

Knows the page's words, roles and states (`main[data-state]`), and nothing of its code.
"""

import re
from typing import Final

import cv2
import numpy as np
import zxingcpp
from playwright.sync_api import Locator, Page, Request, Route, expect

_WORDS: Final = {
    "start": "Touchez pour commencer|Touch to start",
    "accept": "D\u2019accord|All right",
    "shoot": "Prendre la photo|Take the photo",
    "further": "Décors suivants|More backdrops",
    "keep": "Garder|Keep it",
    "retake": "Refaire la photo|Retake the photo",
    "leave": "Quitter|Leave",
    "retry": "Réessayer|Try again",
    "sms": "Recevoir par SMS|Get it by text",
    "next": "Continuer|Continue",
    "send": "Oui, envoyer|Yes, send it",
    "correct": "Corriger le numéro|Correct the number",
    "finish": "Terminer|Finish",
    "stay": "Je suis là|I\u2019m here",
}
#: The tile of a photo as it is.
PLAIN: Final = re.compile("^(Sans décor|No backdrop)$")
#: The tile of a frame that comes with the appliance.
CONFETTI: Final = re.compile("^Confettis?$")


def french(text: str) -> str:
    """Return a sentence with the apostrophes that the page is set with."""
    return text.replace("'", "\u2019")


class GuestPage:
    """One page, driven by taps; every step waits for the state that follows it."""

    def __init__(self, page: Page, url: str) -> None:
        """Drive `page`, whose context has touch, against the appliance at `url`."""
        self.page = page
        self.url = url

    def open(self, query: str = "") -> "GuestPage":
        """Load the page and wait for the invitation."""
        self.page.goto(f"{self.url}/{query}")
        self.expect_state("attract")
        return self

    def tell(self, **settings: int) -> None:
        """Let the page that is opened next be told other settings than the appliance has.

        A countdown of one second is over before a busy machine has done anything in it.
        """

        def told(route: Route) -> None:
            answer = route.fetch()
            route.fulfill(response=answer, json=answer.json() | settings)

        self.page.route("**/guest/config.json", told)

    @property
    def state(self) -> str | None:
        """The state on screen now."""
        return self.page.locator("main").get_attribute("data-state")

    @property
    def title(self) -> Locator:
        """The only h1."""
        return self.page.get_by_role("heading", level=1)

    def expect_state(self, state: str, timeout_ms: float = 15000) -> None:
        """Wait for a state."""
        main = self.page.locator("main")
        expect(main).to_have_attribute("data-state", state, timeout=timeout_ms)

    def button(self, word: str) -> Locator:
        """Return the button of one of the words above."""
        return self.page.get_by_role("button", name=re.compile(f"^({_WORDS[word]})$"))

    def tap(self, word: str) -> None:
        """Tap the button of one of the words above."""
        self.button(word).tap()

    def start(self) -> None:
        """From the invitation over the notice to the choice of a background, the camera on."""
        self.tap("start")
        self.expect_state("consent")
        self.tap("accept")
        self.expect_state("choose")
        expect(self.button("shoot")).to_be_enabled()

    def choose(self, name: str | re.Pattern[str]) -> None:
        """Choose a background by the name on its tile, wherever it is on the shelf."""
        tile = self.page.get_by_role("button", name=name, exact=True)
        self.page.locator(".tile").first.wait_for()
        for _ in range(9):
            if tile.count():
                break
            self.tap("further")
        tile.tap()
        expect(tile).to_have_attribute("aria-pressed", "true")

    def shoot(self) -> None:
        """From the choice, through the countdown, to the photo."""
        self.tap("shoot")
        self.expect_state("review", timeout_ms=20000)

    def keep(self) -> None:
        """Keep the photo and wait until the appliance has it."""
        self.tap("keep")
        self.expect_state("ready")

    def to_review(self, background: str | re.Pattern[str] = PLAIN) -> None:
        """From the invitation to the photo."""
        self.start()
        self.choose(background)
        self.shoot()

    def to_ready(self, background: str | re.Pattern[str] = PLAIN) -> None:
        """From the invitation to the QR code."""
        self.to_review(background)
        self.keep()

    def calls(self, path: str) -> list[Request]:
        """Return a list that grows by each request from now on whose address holds `path`."""
        seen: list[Request] = []
        self.page.on("request", lambda call: seen.append(call) if path in call.url else None)
        return seen

    def dial(self, number: str) -> None:
        """From the QR code to a number on the pad."""
        self.tap("sms")
        self.expect_state("dial")
        self.type(number)

    def type(self, number: str) -> None:
        """Type a number on the pad, but for its spaces."""
        for key in number.replace(" ", ""):
            self.page.locator(".key").get_by_text(key, exact=True).tap()

    def send_sms(self, number: str) -> None:
        """From the QR code to what became of the SMS."""
        self.dial(number)
        self.tap("next")
        self.expect_state("confirm")
        self.tap("send")
        self.expect_state("result")

    def finish(self) -> None:
        """From the QR code or the result back to the invitation."""
        self.tap("finish")
        self.expect_state("thanks")
        self.tap("finish")
        self.expect_state("attract")

    def read_code(self) -> str:
        """Return what a phone reads off the whole screen, once the QR code is drawn."""
        self.page.wait_for_function(
            "() => { const code = document.querySelector('img.qr');"
            " return code && code.complete && code.naturalWidth > 0; }"
        )
        screen = np.frombuffer(self.page.screenshot(), np.uint8)
        (code,) = zxingcpp.read_barcodes(cv2.imdecode(screen, cv2.IMREAD_COLOR))
        return code.text
