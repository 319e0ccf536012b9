"""A guest before a backdrop: on the live preview, on her photo, and on what is handed out."""

import subprocess
import sys
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import cv2
import httpx
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Request, Route, expect

from tests.browser.chromium import write_y4m
from tests.browser.conftest import PORTRAIT, OpenPage, StartChromium
from tests.browser.guest_page import GuestPage, french
from tests.browser.holding import first_held, hold
from tests.browser.likeness import SAME, before, differences, opened
from tests.parts.appliance import Appliance
from tests.parts.people import portrait

pytestmark = pytest.mark.browser

KEEPS_NOTHING = french("Rien n'est enregistré")
FRAMED = french("La découpe n'était pas assez nette")
MASK, PICTURE = "**/api/preview/mask", "**/api/preview/picture?*"
BEACH = (30, 160, 60)
CURTAIN = (200, 20, 120)
#: Of the drawn somebody; a backdrop's light tints it a little.
SHIRT = (120, 50, 60)
# Of somebody's height, as in imaging/cut.py; between them her photo and the page fade.
_FACE_ABOVE, _NO_FACE_BELOW = 0.6, 0.75


@pytest.fixture(scope="module")
def appliance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Appliance]:
    """One that asks nobody whether she is still there: without a GPU a browser takes its time."""
    tables = {"guest": {"countdown_seconds": 1, "idle_timeout": "10 min"}}
    started = Appliance(tmp_path_factory.mktemp("kiosk"), tables).start()
    yield started
    started.close()


@pytest.fixture(scope="module")
def somebody(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A camera before which somebody stands, in front of a plain wall."""
    picture = np.asarray(cv2.cvtColor(portrait(1280, 720), cv2.COLOR_BGR2RGB), np.uint8)
    return write_y4m(tmp_path_factory.mktemp("camera") / "somebody.y4m", picture)


def _left_half() -> bytes:
    """Return a mask that finds somebody on the left half of the frame, as the lens sees it."""
    mask = np.zeros((256, 256), np.uint8)
    mask[:, :128] = 255
    return cv2.imencode(".png", mask)[1].tobytes()


def _add(appliance: Appliance, picture: Path, name: str = "Vert", *further: str) -> None:
    command = [sys.executable, "-m", "kiosk_appliance", "background", "add", str(picture)]
    options = ["--mode", "person", "--name", name, *further, "--config", str(appliance.config)]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def _file_of(client: httpx.Client, name: str) -> bytes:
    (found,) = (one for one in client.get("/api/backgrounds").json() if one["name"] == name)
    return client.get(found["file_url"]).content


def _print_of(guest: GuestPage) -> NDArray[np.int64]:
    shot = Image.open(BytesIO(guest.page.locator(".print").screenshot())).convert("RGB")
    return np.asarray(shot, np.int64)


def test_the_preview_shows_the_guest_before_her_backdrop(
    guest: GuestPage, appliance: Appliance, tmp_path: Path
) -> None:
    picture = tmp_path / "green.png"
    Image.new("RGB", (1280, 720), BEACH).save(picture)
    _add(appliance, picture)
    page = guest.page
    page.route(MASK, lambda route: route.fulfill(body=_left_half(), content_type="image/png"))
    page.reload()
    guest.start()
    guest.choose("Vert")
    expect(page.locator("canvas.cut[data-drawn=true]")).to_be_visible()
    shot = _print_of(guest)
    height, width = shot.shape[:2]
    # A mirror: who stands on the lens's left, in red, is seen on the right.
    assert np.abs(shot[height // 2, width // 4] - BEACH).max() < 12
    assert np.abs(shot[height // 2, 3 * width // 4] - (200, 40, 40)).max() < 12


# What the network is fed with lies in textures, where no search of the page's heap comes.
_WATCH = """(() => {
  const fed = new Map();
  const { prototype } = WebGL2RenderingContext;
  const before = prototype.texImage2D;
  prototype.texImage2D = function (...given) {
    const texture = this.getParameter(this.TEXTURE_BINDING_2D);
    if (given.length === 6 && texture) fed.set(texture, { gl: this, side: given[5].width });
    return before.apply(this, given);
  };
  window.brightest = () => Math.max(...[...fed].map(([texture, { gl, side }]) => {
    if (!gl.isTexture(texture)) return 0;
    gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer());
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
    const pixels = new Uint8Array(4 * side * side);
    gl.readPixels(0, 0, side, side, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    return pixels.reduce((most, one) => Math.max(most, one), 0);
  }));
})()"""


def _cut_out_by_the_browser(guest: GuestPage, script: str) -> None:
    """Stand before the mountains by the browser's own network, with `script` in the page first."""
    page = guest.page
    page.add_init_script(script)
    page.route(MASK, lambda route: route.fulfill(body=b"", status=200))
    guest.open("?mask=browser")
    guest.start()
    guest.choose("Montagnes")
    drawn = page.locator("canvas.cut[data-drawn=true][data-told-by=browser]")
    expect(drawn).to_be_visible(timeout=90_000)


def test_the_browsers_network_keeps_nothing_of_a_guest_who_has_gone(
    open_page: OpenPage, start_chromium: StartChromium, somebody: Path
) -> None:
    guest, guard = open_page((480, 854), browser=start_chromium(somebody, draws_3d=True))
    guard.expect(r"^[IW]0000 .* gl_context")
    page = guest.page
    _cut_out_by_the_browser(guest, _WATCH)
    assert page.evaluate("brightest()") > 0
    guest.tap("leave")
    guest.expect_state("attract")
    page.wait_for_function("() => brightest() === 0", polling=500)


@pytest.mark.parametrize("where", ["browser", "appliance"])
def test_a_person_is_cut_out_live_in_the_browser_or_by_the_appliance(
    open_page: OpenPage, start_chromium: StartChromium, somebody: Path, where: str
) -> None:
    browser = start_chromium(somebody, draws_3d=where == "browser")
    # A small one: without a GPU each pixel costs.
    guest, guard = open_page((480, 854), browser=browser)
    # MediaPipe tells its console what it draws with.
    guard.expect(r"^[IW]0000 .* gl_context")
    page = guest.page
    if where == "browser":
        page.route(MASK, lambda route: route.fulfill(body=b"", status=200))
    guest.open(f"?mask={where}")
    guest.start()
    guest.choose("Montagnes")
    expect(page.locator("canvas.cut[data-drawn=true]")).to_be_visible(timeout=90_000)
    # The print has taken the backdrop's shape.
    page.wait_for_function(
        "() => { const {width, height} = document.querySelector('.print').getBoundingClientRect();"
        " return Math.abs(width / height - 1.5) < 0.01; }"
    )
    shot = _print_of(guest)
    height, width = shot.shape[:2]
    wall, shirt = (150, 160, 170), (120, 50, 60)
    aside = shot[height // 2, [width // 20, width // 8, -width // 8, -width // 20]]
    assert np.abs(aside - wall).max(axis=1).min() > 20
    assert np.abs(shot[9 * height // 10, width // 2] - shirt).max() < 20


def test_webgl_by_software_is_no_gpu(
    open_page: OpenPage, start_chromium: StartChromium, somebody: Path
) -> None:
    guest, _ = open_page((480, 854), browser=start_chromium(somebody, draws_3d=True))
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    guest.page.on("request", note)
    guest.open()
    guest.start()
    guest.choose("Montagnes")
    expect(guest.page.locator("canvas.cut[data-drawn=true]")).to_be_visible(timeout=90_000)
    assert any(url.endswith("/api/preview/mask") for url in asked)
    assert not any("/vendor/segmentation/" in url for url in asked)


def test_the_appliance_makes_itself_ready_while_the_guest_poses(guest: GuestPage) -> None:
    guest.start()
    with guest.page.expect_response(PICTURE) as answer:
        guest.choose("Montagnes")
    assert answer.value.status == 200
    guest.expect_state("choose")


def test_what_stands_before_the_guest_is_drawn_before_her_but_for_her_face(
    guest: GuestPage, appliance: Appliance, tmp_path: Path
) -> None:
    back, front = tmp_path / "back.png", tmp_path / "front.png"
    Image.new("RGB", (1280, 720), BEACH).save(back)
    curtain = Image.new("RGBA", (1280, 720), (0, 0, 0, 0))
    curtain.paste((*CURTAIN, 255), (0, 0, 640, 720))
    curtain.save(front)
    _add(appliance, back, "Rideau", "--front", str(front))
    everywhere = cv2.imencode(".png", np.full((256, 256), 255, np.uint8))[1].tobytes()
    page = guest.page
    page.route(MASK, lambda route: route.fulfill(body=everywhere, content_type="image/png"))
    page.reload()
    guest.start()
    guest.choose("Rideau")
    expect(page.locator("canvas.cut[data-drawn=true]")).to_be_visible()
    expect(page.locator(".hero img.front")).to_be_visible()
    shot = _print_of(guest)
    row, middle = np.linspace(0, 1, len(shot)), shot.shape[1] // 2
    curtained = (np.abs(shot - CURTAIN).max(axis=2) < 20).mean(axis=1) * 2
    # She fills the picture from its upper rim on, or from a little below.
    assert curtained[(row > _NO_FACE_BELOW + 0.1) & (row < 0.95)].min() > 0.9
    assert curtained[(row > 0.1) & (row < _FACE_ABOVE)].max() < 0.02
    assert np.abs(shot[:, middle + 5 :, 1] - 40).mean() < 60


def test_whoever_is_not_found_sees_herself_as_the_camera_does(guest: GuestPage) -> None:
    page = guest.page
    nobody = cv2.imencode(".png", np.zeros((256, 256), np.uint8))[1].tobytes()
    page.route(MASK, lambda route: route.fulfill(body=nobody, content_type="image/png"))
    guest.start()
    guest.choose("Plage au crépuscule")
    nearer = page.get_by_text("Rapprochez-vous pour entrer dans le décor.")
    expect(nearer).to_be_visible()
    expect(page.locator("canvas.cut")).to_have_attribute("data-drawn", "false")
    expect(page.locator(".print video")).to_have_css("opacity", "1")
    page.unroute(MASK)
    page.route(MASK, lambda route: route.fulfill(body=_left_half(), content_type="image/png"))
    expect(page.locator("canvas.cut[data-drawn=true]")).to_be_visible()
    expect(nearer).to_have_count(0)


def test_what_the_guest_is_asked_to_keep_is_what_she_gets(
    open_page: OpenPage, start_chromium: StartChromium, somebody: Path, appliance: Appliance
) -> None:
    guest, _ = open_page(browser=start_chromium(somebody))
    shown: list[bytes] = []

    def note(route: Route) -> None:
        answer = route.fetch()
        shown.append(answer.body())
        route.fulfill(response=answer)

    guest.page.route(PICTURE, note)
    guest.open()
    guest.start()
    guest.choose("Plage au crépuscule")
    expect(guest.page.locator("canvas.cut[data-drawn=true]")).to_be_visible(timeout=30_000)
    guest.shoot()
    made = guest.page.get_by_role("img", name="Votre photo", exact=True)
    expect(made).to_be_visible(timeout=30_000)
    expect(guest.page.get_by_text(KEEPS_NOTHING)).to_be_visible()
    expect(guest.page.get_by_text(FRAMED)).to_have_count(0)
    address = made.get_attribute("src")
    with guest.page.expect_response("**/api/capture?*") as answer:
        guest.keep()
    expect(made).to_have_attribute("src", str(address))
    with appliance.client() as client:
        kept: httpx.Response = client.get(f"/api/download/{answer.value.json()['id']}")
        scenery = _file_of(client, "Plage au crépuscule")
    apart = _apart(shown[-1], kept.content, PORTRAIT[0])
    assert apart.mean() < 2
    assert (apart > SAME).mean() < 0.005
    assert answer.value.json()["cut_out"] == "clean"
    photo = opened(kept.content)
    changed = differences(photo, before(scenery))
    side = changed.shape[1] // 5
    assert changed[:, :side].max() < SAME, "on the left there is nothing but the beach"
    assert changed[:, -side:].max() < SAME, "on the right there is nothing but the beach"
    assert 0.1 < (changed > SAME).mean() < 0.4, "somebody stands between"
    shirt = photo[round(0.9 * photo.shape[0]), photo.shape[1] // 2].astype(int)
    assert np.abs(shirt - SHIRT).max() < 30


def _apart(shown: bytes, kept: bytes, width: int) -> NDArray[np.uint8]:
    """Return how far a picture (JPEG) is from another that was made to fit a screen so wide."""
    small, whole = opened(shown), opened(kept)
    assert small.shape[1] == width < whole.shape[1]
    fitting = cv2.resize(whole, (width, small.shape[0]), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.absdiff(fitting, small), np.uint8)


def test_a_guest_who_could_not_be_cut_out_is_told_why_her_photo_is_framed(guest: GuestPage) -> None:
    """Nobody is before this camera: whatever is found there is no clean cut."""
    guest.to_review("Plage au crépuscule")
    expect(guest.page.get_by_role("img", name="Votre photo", exact=True)).to_be_visible()
    expect(guest.page.get_by_text(FRAMED)).to_contain_text(KEEPS_NOTHING)
    guest.keep()
    expect(guest.page.get_by_text(FRAMED)).to_have_count(0)


def _made(client: httpx.Client, photo: NDArray[np.uint8], background: str) -> NDArray[np.uint8]:
    """Return what a capture of a photo (BGR) becomes."""
    (found,) = (one for one in client.get("/api/backgrounds").json() if one["name"] == background)
    answer = client.post(
        f"/api/preview/picture?background_id={found['id']}",
        content=cv2.imencode(".jpg", photo)[1].tobytes(),
        headers={"Content-Type": "image/jpeg"},
    )
    assert answer.status_code == 200, answer.text
    return opened(answer.content)


# Of the canvas's sides: what stands on it, from 0 to 1.
_STANDS = """() => {
  const canvas = document.querySelector("canvas.cut");
  const { width, height } = canvas;
  const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let at = 3, nth = 0; at < data.length; at += 4, nth += 1) {
    if (data[at] < 128) continue;
    const x = nth % width;
    const y = Math.floor(nth / width);
    [left, right] = [Math.min(left, x), Math.max(right, x + 1)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y + 1)];
  }
  return [left / width, top / height, right / width, bottom / height];
}"""


@pytest.mark.parametrize("backdrop", ["Montagnes", "Plage au crépuscule"])
def test_the_guest_stands_on_the_live_picture_where_she_stands_on_her_photo(
    open_page: OpenPage,
    start_chromium: StartChromium,
    appliance: Appliance,
    tmp_path: Path,
    backdrop: str,
) -> None:
    """Aside and far away: her photo brings her nearer, and to the backdrop's zone."""
    picture = np.full((720, 1280, 3), (170, 160, 150), np.uint8)
    picture[240:, 60:700] = portrait(640, 480)
    film = write_y4m(
        tmp_path / "aside.y4m", np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8)
    )
    guest, _ = open_page(browser=start_chromium(film))
    guest.open()
    guest.start()
    guest.choose(backdrop)
    expect(guest.page.locator("canvas.cut[data-drawn=true]")).to_be_visible(timeout=30_000)
    # She comes to rest.
    guest.page.wait_for_timeout(1500)
    live = guest.page.evaluate(_STANDS)
    with appliance.client() as client:
        scenery = _file_of(client, backdrop)
        changed = differences(_made(client, picture, backdrop), before(scenery)) > 2 * SAME
    across, down = np.flatnonzero(changed.any(axis=0)), np.flatnonzero(changed.any(axis=1))
    height, width = changed.shape
    left, right = across[0] / width, (across[-1] + 1) / width
    top, bottom = down[0] / height, (down[-1] + 1) / height
    # A mirror turns her round where she stands, and both her sides are alike.
    assert np.abs(np.array(live) - (left, top, right, bottom)).max() < 0.04


def test_without_a_mask_the_mirror_stays(guest: GuestPage) -> None:
    page = guest.page
    page.route(MASK, lambda route: route.fulfill(body=b"", status=200))
    guest.start()
    guest.choose("Montagnes")
    page.wait_for_timeout(500)
    expect(page.locator("canvas.cut")).to_have_attribute("data-drawn", "false")
    expect(page.locator("video")).to_have_css("opacity", "1")
    guest.shoot()
    guest.keep()


def test_where_there_are_no_masks_they_are_asked_for_ever_more_rarely(open_page: OpenPage) -> None:
    guest, guard = open_page()
    guard.expect("404")
    asked: list[float] = []

    def none(route: Route) -> None:
        asked.append(time.monotonic())
        route.fulfill(status=404, json={"type": "not-found"})

    guest.open()
    page = guest.page
    page.route(MASK, none)
    guest.start()
    guest.choose("Montagnes")
    page.wait_for_timeout(4000)
    assert 3 <= len(asked) <= 9
    page.unroute(MASK)
    page.route(MASK, lambda route: route.fulfill(body=_left_half(), content_type="image/png"))
    expect(page.locator("canvas.cut[data-drawn=true]")).to_be_visible(timeout=20_000)


def test_a_live_picture_that_stands_still_gives_way_to_the_mirror(open_page: OpenPage) -> None:
    guest, guard = open_page()
    guard.expect("503")
    guest.open()
    page = guest.page
    page.route(MASK, lambda route: route.fulfill(body=_left_half(), content_type="image/png"))
    guest.start()
    guest.choose("Montagnes")
    expect(page.locator("canvas.cut[data-drawn=true]")).to_be_visible()
    page.unroute(MASK)
    page.route(MASK, lambda route: route.fulfill(status=503, json={"type": "overloaded"}))
    expect(page.locator("canvas.cut[data-drawn=false]")).to_be_attached(timeout=10_000)
    expect(page.locator("video")).to_have_css("opacity", "1")


# The network's own contexts alone: the GPU itself is there.
_LOSE = """(() => {
  const contexts = new Set();
  const { prototype } = WebGL2RenderingContext;
  const before = prototype.drawArrays;
  prototype.drawArrays = function (...given) {
    contexts.add(this);
    return before.apply(this, given);
  };
  window.lose = () => [...contexts].filter((gl) => {
    gl.getExtension("WEBGL_lose_context").loseContext();
    return gl.isContextLost();
  }).length;
})()"""


def test_a_network_in_the_browser_that_has_lost_its_gpu_gives_way_to_the_appliance(
    open_page: OpenPage, start_chromium: StartChromium, somebody: Path
) -> None:
    guest, guard = open_page((480, 854), browser=start_chromium(somebody, draws_3d=True))
    guard.expect(r"^[IWE]0000 ")
    guard.expect("WebGL")
    page = guest.page
    _cut_out_by_the_browser(guest, _LOSE)
    page.unroute(MASK)
    assert page.evaluate("lose()") > 0
    expect(page.locator("canvas.cut[data-drawn=true][data-told-by=appliance]")).to_be_visible(
        timeout=90_000
    )


def test_a_picture_that_takes_its_time_is_seen_being_made_and_comes_by_itself(
    guest: GuestPage,
) -> None:
    page = guest.page
    guest.start()
    guest.choose("Montagnes")
    waiting = hold(page, PICTURE)
    guest.shoot()
    expect(page.locator(".flash")).to_have_css("opacity", "0")
    expect(page.locator(".print .working")).to_be_visible()
    guest.keep()
    expect(page.locator(".print .working")).to_be_visible()
    first_held(page, waiting)
    waiting[-1].continue_()
    expect(page.get_by_role("img", name="Votre photo", exact=True)).to_be_visible()


_NO_ENCODER = """HTMLCanvasElement.prototype.toBlob = () => {
  throw new Error("the page encodes a photo itself");
}"""


def test_a_photo_is_encoded_beside_the_page(guest: GuestPage) -> None:
    page = guest.page
    page.add_init_script(_NO_ENCODER)
    page.reload()
    guest.start()
    guest.shoot()
    guest.keep()


def test_without_a_worker_the_page_encodes_the_photo_itself(open_page: OpenPage) -> None:
    guest, guard = open_page()
    guard.expect("404")
    guest.page.route("**/jpeg.worker.js", lambda route: route.fulfill(status=404))
    guest.open()
    guest.start()
    guest.shoot()
    guest.keep()


def test_in_the_countdowns_last_moments_no_mask_is_asked_for(guest: GuestPage) -> None:
    page = guest.page
    asked: list[float] = []

    def answer(route: Route) -> None:
        asked.append(time.monotonic())
        route.fulfill(body=_left_half(), content_type="image/png")

    page.route(MASK, answer)
    guest.start()
    guest.choose("Montagnes")
    expect(page.locator("canvas.cut[data-drawn=true]")).to_be_visible()
    # The page's own clock: how long a countdown lasts is no matter of this machine.
    page.clock.install()
    page.clock.pause_at(time.time() + 1)
    guest.tap("shoot")
    guest.expect_state("countdown")
    page.clock.run_for(720)
    page.wait_for_timeout(300)
    before = len(asked)
    for _ in range(10):
        page.clock.run_for(25)
        page.wait_for_timeout(50)
    guest.expect_state("countdown")
    assert len(asked) == before


def test_where_no_picture_is_made_beforehand_the_guest_sees_her_photo(
    open_page: OpenPage,
) -> None:
    guest, guard = open_page()
    guard.expect("403")
    guest.open()
    guest.page.route(PICTURE, lambda route: route.fulfill(status=403, json={"type": "forbidden"}))
    guest.start()
    guest.choose("Montagnes")
    guest.shoot()
    expect(guest.page.locator("canvas.taken")).to_be_visible()
    expect(guest.page.locator(".flash")).to_have_css("opacity", "0")
    shot = _print_of(guest)
    height, width = shot.shape[:2]
    assert np.abs(shot[height // 2, width // 4] - (200, 40, 40)).max() < 12
    guest.keep()
