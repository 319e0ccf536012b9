"""Everything that a guest can come to see: one scene after the other, on the real page.

A tour is two visits, on an appliance with all that an operator may ask of guests (`LAVISH`), and on
one without. Where a scene needs a bad day (no camera, a full disk, no network), the page is told of
it by what it asks. Knows the page's states and words, in each language; not what is looked at.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.holding import first_held, hold

LAVISH: Final[dict[str, dict[str, Any]]] = {
    "guest": {
        "countdown_seconds": 3,
        "retakes": 1,
        "idle_timeout": "10 min",
        "marketing_opt_in": True,
        "google_review_url": "https://g.page/kiosk-example/review",
        "google_review_enabled": True,
        "privacy_contact": "vos-photos@kiosk.example",
    },
    "sms": {"countries": ["FR", "BE", "CH", "LU", "MC"]},
}
#: What the appliance refuses on this tour, and what Chromium says of it on the console.
EXPECTED: Final = r"status of (404|422|429|500|503|507)"
_IDLE_MS: Final = 581_000
_ASK_MS: Final = 3_100
_WAKE_MS: Final = 10_100
_FOLLOW_MS: Final = 2_100
#: As good as the default, and told apart from it.
_PLAIN_COLOUR: Final = "#ffc12e"

# The camera answers when the tour says so; a stream that was given is as it comes.
_CAMERA: Final = """() => {
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = (wish) => new Promise((give, refuse) => {
    window.camera = {
      give: (other) => open({ ...wish, ...other }).then(give, refuse),
      refuse: (name) => refuse(new DOMException("", name)),
    };
  });
}"""
_SETTLE: Final = """async () => {
  await document.fonts.ready;
  await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
  for (const one of document.getAnimations()) {
    if (one.effect.getComputedTiming().endTime !== Infinity) one.finish();
  }
}"""
_WORDS: Final = """async (language) => {
  const { messagesFor } = await import("/static/guest/messages.js");
  return JSON.parse(JSON.stringify(messagesFor(language)));
}"""


def refusal(status: int, code: str, **headers: str) -> dict[str, Any]:
    """Return a problem document as the appliance answers it."""
    body = {"type": code, "title": code, "status": status, "detail": code}
    content = "application/problem+json"
    return {
        "status": status,
        "content_type": content,
        "headers": headers,
        "body": json.dumps(body),
    }


# The photo is the camera's next frame, for which time does not stand still.
_HOLD_FRAMES = """() => {
  const video = HTMLVideoElement.prototype;
  const ask = video.requestVideoFrameCallback;
  const waiting = [];
  video.requestVideoFrameCallback = function (act) { waiting.push([this, act]); };
  window.letFramesGo = () => {
    video.requestVideoFrameCallback = ask;
    for (const [one, act] of waiting) ask.call(one, act);
  };
}"""


class Tour:
    """One page and one language; `scenes` goes through all of them."""

    def __init__(
        self, page: Page, url: str, language: str = "fr", background: str = "Confettis"
    ) -> None:
        """Drive `page`, in a context with touch, against a `LAVISH` appliance at `url`.

        `background` is the name of the tile that the first visit chooses.
        """
        self.page = page
        self._url = f"{url}/?lang={language}"
        self._language = language
        self._background = background
        self._words: dict[str, Any] = {}
        self._held: list[Route] = []
        self._news: dict[str, Any] = {}
        self._still = False

    def scenes(self) -> Iterator[str]:
        """Yield each scene's name: its state, and what is special about it.

        While it is looked at, time stands still, and whatever moves in has arrived.
        """
        for scene in self._scenes():
            if not self._still:
                self._stop_time()
            self.page.evaluate(_SETTLE)
            yield scene
            if not self._still:
                self.page.clock.resume()

    def _scenes(self) -> Iterator[str]:
        self.page.clock.install()
        self.page.add_init_script(f"({_CAMERA})()")
        yield from self._invitation()
        yield from self._notice()
        yield from self._mirror()
        yield from self._photo()
        yield from self._trouble()
        yield from self._gift()
        yield from self._number()
        yield from self._outcomes()
        yield from self._farewell()
        yield from self._plain_visit()

    def _invitation(self) -> Iterator[str]:
        self._hold("**/guest/config.json")
        self.page.goto(self._url)
        self._expect("wait")
        self._words = self.page.evaluate(_WORDS, self._language)
        yield "wait"
        self._let_go("**/guest/config.json")
        self._expect("attract")
        self._tile_pictures()
        yield "attract"
        self.page.locator(".aid").first.tap()
        self._dialog()
        yield "attract-languages"
        self.page.keyboard.press("Escape")
        for code, scene in (("insufficient-storage", "pause-full"), ("storage-failed", "pause")):
            self._obstacle(code)
            self._expect("pause")
            self._title(self._words["pauseTitle"][code if scene != "pause" else "other"])
            yield scene
        self._obstacle(None)
        self._expect("attract")

    def _notice(self) -> Iterator[str]:
        self._tap("start")
        self._expect("consent")
        yield "consent"
        self._tap("more")
        self._dialog()
        yield "consent-whole"
        self._tap("close")
        self._tap("accept")

    def _mirror(self) -> Iterator[str]:
        self._expect("choose")
        yield "choose-opening"
        for error, scene in (
            ("NotAllowedError", "refused"),
            ("NotFoundError", "missing"),
            ("NotReadableError", "busy"),
        ):
            self.page.evaluate("(name) => window.camera.refuse(name)", error)
            self._title(self._words["cameraTitle"][scene])
            yield f"choose-{scene}"
            self._tap("retry")
        self.page.clock.run_for(_WAKE_MS)
        self._title(self._words["cameraTitle"]["silent"])
        yield "choose-silent"
        self._tap("retry")
        self._camera_on("{video: {width: {exact: 640}, height: {exact: 480}}}")
        yield "choose-coarse"
        self.page.evaluate(
            "() => document.querySelector('video').srcObject.getTracks()[0]"
            ".dispatchEvent(new Event('ended'))"
        )
        self._title(self._words["cameraTitle"]["lost"])
        yield "choose-lost"
        self._tap("retry")
        self._camera_on()
        self._tile_pictures()
        yield "choose"
        self._obstacle("insufficient-storage")
        self._expect("pause")
        yield "pause-inside"
        self._obstacle(None)
        self._expect("choose")
        self._choose(self._background)
        self._cut_out()
        yield "choose-chosen"

    def _photo(self) -> Iterator[str]:
        self._stop_time()
        self._still = True
        self._tap("shoot")
        self._expect("countdown")
        yield "countdown"
        self.page.evaluate(_HOLD_FRAMES)
        self.page.clock.run_for(3_000)
        self._expect("shooting")
        yield "shooting"
        self.page.evaluate("() => window.letFramesGo()")
        self._expect("review")
        self.page.clock.resume()
        self._still = False
        self._made()
        yield "review"

    def _trouble(self) -> Iterator[str]:
        self._hold("**/api/capture*")
        self._tap("keep")
        self._expect("saving")
        yield "saving"
        busy = refusal(503, "overloaded", **{"Retry-After": "10"})
        self._let_go("**/api/capture*", busy)
        self._title(self._words["wait"])
        yield "saving-auto"
        steps = (
            ("retry", "saving-full", refusal(507, "insufficient-storage", **{"Retry-After": "10"})),
            ("retry", "saving-retry", refusal(503, "storage-failed")),
            ("retry", "saving-plain", refusal(422, "background-unknown")),
            ("keepPlain", "saving-retake", refusal(422, "photo-unreadable")),
        )
        for word, scene, answer in steps:
            self._answer("**/api/capture*", answer)
            self._tap(word)
            code = json.loads(answer["body"])["type"]
            expect(self._lead).to_contain_text(self._words["saveProblems"][code])
            yield scene
        self.page.unroute("**/api/capture*")
        self._tap("retakeNow")
        self._expect("choose")
        self._camera_on()
        self._choose(self._background)
        self._shoot()
        self._made()
        yield "review-last"

    def _gift(self) -> Iterator[str]:
        self._news = {"online": False, "is_synced": False}
        for path in (re.compile(r":\d+/$"), "**/api/status/*"):
            self.page.route(path, self._follow)
        self._hold("**/api/qr/*")
        self._tap("keep")
        self._expect("ready")
        expect(self._lead).to_contain_text(self._words["link"]["later"])
        yield "ready-drawing"
        self._let_go("**/api/qr/*")
        self.page.locator("img.qr").wait_for()
        for link, news in (
            ("later", {"online": False, "is_synced": False}),
            ("soon", {"online": True, "is_synced": False}),
        ):
            self._tell(news)
            expect(self._lead).to_contain_text(self._words["link"][link])
            yield f"ready-{link}"

    def _number(self) -> Iterator[str]:
        self._tap("bySms")
        self._expect("dial")
        yield "dial"
        self.page.keyboard.type("+49")
        self.page.locator(".refusal").wait_for()
        yield "dial-country"
        self._erase(3)
        self.page.keyboard.type("0612360001")
        yield "dial-number"
        self._tap("next")
        self._expect("confirm")
        yield "confirm"
        self._hold("**/api/send-sms")
        self._tap("send")
        self._expect("sending")
        yield "sending"
        self._let_go("**/api/send-sms", refusal(500, "internal-error"))
        self._title(self._words["sendProblem"])
        yield "sending-retry"
        self._answer("**/api/send-sms", refusal(503, "overloaded", **{"Retry-After": "10"}))
        self._tap("retry")
        self._title(self._words["wait"])
        yield "sending-auto"
        self._answer("**/api/send-sms", refusal(422, "phone-invalid"))
        self._tap("correct")
        self._tap("next")
        self._tap("send")
        self.page.locator(".refusal").wait_for()
        yield "dial-refused"

    def _outcomes(self) -> Iterator[str]:
        self.page.unroute("**/api/send-sms")
        self._tell({"online": False, "is_synced": False, "sms_sent": False})
        self._erase(1)
        self.page.keyboard.type("2")
        self._tap("next")
        self._tap("send")
        self._expect("result")
        for sms, state, online in (
            ("waiting", "waiting", False),
            ("leaving", "waiting", True),
            ("unsure", "uncertain", True),
            ("failed", "expired", True),
            ("refused", "refused", True),
        ):
            news = [{"channel": "sms", "state": state}]
            self._tell({"online": online, "deliveries": news})
            expect(self.page.locator(".sms")).to_have_attribute("data-sms", sms)
            yield f"result-{sms}"

    def _farewell(self) -> Iterator[str]:
        self._tap("correctNumber")
        self._expect("dial")
        self._erase(1)
        self.page.keyboard.type("3")
        self._answer("**/api/send-sms", refusal(429, "sms-limit"))
        self._tap("next")
        self._tap("send")
        self._expect("ready")
        yield "ready-limit"
        self._stop_time()
        self._still = True
        self.page.clock.fast_forward(_IDLE_MS)
        self._dialog()
        yield "ready-idle"
        self._tap("stay")
        self._still = False
        self._tap("finish")
        self._expect("thanks")
        yield "thanks-review"

    def _plain_visit(self) -> Iterator[str]:
        self.page.unroute_all(behavior="wait")

        def modest(route: Route) -> None:
            answer = route.fetch()
            told = answer.json()
            countries = told["countries"][:1]
            told |= {"review": False, "marketing_opt_in": False, "countries": countries}
            told["colour"] = _PLAIN_COLOUR
            route.fulfill(response=answer, json=told)

        # The page asks anew between two guests.
        self.page.route("**/guest/config.json", modest)
        self._tap("finish")
        self._expect("attract")
        root = self.page.locator("html")
        expect(root).to_have_attribute("style", re.compile(_PLAIN_COLOUR))
        self._tap("start")
        self._expect("consent")
        yield "consent-plain"
        self._tap("accept")
        self._camera_on()
        self._shoot()
        self._tap("keep")
        self._expect("ready")
        expect(self._lead).to_contain_text(self._words["link"]["ready"], timeout=20_000)
        self.page.locator("img.qr").wait_for()
        yield "ready"
        self._tap("bySms")
        self._expect("dial")
        yield "dial-one"
        self.page.keyboard.type("0612360004")
        self._tap("next")
        self._tap("send")
        self._expect("result")
        expect(self.page.locator(".sms")).to_have_attribute("data-sms", "sent", timeout=20_000)
        yield "result-sent"
        self._tap("finish")
        self._expect("thanks")
        yield "thanks"

    @property
    def _lead(self) -> Locator:
        return self.page.locator("main .lead")

    def _tap(self, word: str) -> None:
        self.page.evaluate(_SETTLE)
        self.page.get_by_role("button", name=self._words[word], exact=True).tap()

    def _expect(self, state: str) -> None:
        expect(self.page.locator("main")).to_have_attribute("data-state", state, timeout=15_000)

    def _title(self, words: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(words)

    def _dialog(self) -> None:
        self.page.get_by_role("dialog").wait_for()

    def _tile_pictures(self) -> None:
        self.page.wait_for_function(
            "() => [...document.images].every((one) => one.complete && one.naturalWidth > 0)"
        )

    def _camera_on(self, wish: str = "{}") -> None:
        self.page.wait_for_function("() => window.camera")
        self.page.evaluate(f"() => {{ window.camera.give({wish}); window.camera = null; }}")
        shoot = self.page.get_by_role("button", name=self._words["shoot"], exact=True)
        expect(shoot).to_be_enabled()
        self.page.wait_for_function("() => document.querySelector('video').videoWidth > 0")

    def _choose(self, name: str) -> None:
        called = self._words["given"].get(name, name)
        tile = self.page.get_by_role("button", name=called, exact=True)
        while not tile.count():
            self._tap("nextPage")
        tile.tap()
        expect(tile).to_have_attribute("aria-pressed", "true")
        self._tile_pictures()

    def _cut_out(self) -> None:
        """Wait until a background that is behind somebody has her before it."""
        self.page.wait_for_function(
            "() => !document.querySelector('.cut:not([data-drawn=true])')", timeout=60_000
        )

    def _made(self) -> None:
        """Wait until the photo is on the screen as the guest will get it."""
        self.page.locator(".print .taken").wait_for(timeout=60_000)

    def _erase(self, digits: int) -> None:
        for _ in range(digits):
            self.page.keyboard.press("Backspace")

    def _shoot(self) -> None:
        self._tap("shoot")
        self._expect("countdown")
        self.page.clock.fast_forward(1_000)
        self.page.clock.fast_forward(1_000)
        self._expect("review")

    def _stop_time(self) -> None:
        # A little ahead, for time goes on until the page hears of it.
        self.page.clock.pause_at(self.page.evaluate("() => (Date.now() + 2000) / 1000"))

    def _obstacle(self, code: str | None) -> None:
        self._answer("**/guest/now.json", {"json": {"obstacle": code}})
        self.page.clock.run_for(_ASK_MS)

    def _hold(self, path: str) -> None:
        """Let the page wait for what it asks there."""
        self.page.unroute(path)
        self._held = hold(self.page, path)

    def _let_go(self, path: str, answer: dict[str, Any] | None = None) -> None:
        """Answer what was held; None: the appliance does."""
        first_held(self.page, self._held)
        for route in self._held:
            if answer is None:
                route.continue_()
            else:
                route.fulfill(**answer)
        self._held.clear()
        self.page.unroute(path)

    def _answer(self, path: str, answer: dict[str, Any]) -> None:
        self.page.unroute(path)
        self.page.route(path, lambda route: route.fulfill(**answer))

    def _tell(self, news: dict[str, Any]) -> None:
        """Change what the appliance says meanwhile of link and SMS."""
        self._news = {**self._news, **news}
        self.page.clock.run_for(_FOLLOW_MS)

    def _follow(self, route: Route) -> None:
        if route.request.resource_type == "document":
            route.fallback()
            return
        answer = route.fetch()
        route.fulfill(response=answer, json=answer.json() | self._news)
