"""The page for somebody who does not see it: order, names and announcements, scene by scene."""

import pytest

from tests.browser.conftest import TakeTour
from tests.browser.heard import FOLDER, heard

pytestmark = pytest.mark.browser

# The states as the page itself lists them, and the kinds of bad day that it has sentences for.
_KNOWN = """async () => {
  const { SCREENS } = await import("/static/guest/screens/page.js");
  const { messagesFor } = await import("/static/guest/messages.js");
  const { cameraTitle, sms, link } = messagesFor("fr");
  const of = (state, kinds) => Object.keys(kinds).map((kind) => `${state}-${kind}`);
  return { states: Object.keys(SCREENS),
    kinds: [...of("choose", cameraTitle), ...of("result", sms), ...of("ready", link)] };
}"""


def test_every_scene_is_heard_as_it_was_approved(take_tour: TakeTour) -> None:
    tour = take_tour()
    trees = dict(heard(tour))
    approved = {path.stem: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.txt")}
    # `python -m tests.browser.heard` writes them anew.
    assert trees == approved

    known = tour.page.evaluate(_KNOWN)
    seen = {scene.partition("-")[0] for scene in trees}
    # Two screens belong to no step of the visit: the appliance is away, or can't keep a photo.
    assert seen == {*known["states"], "wait", "pause"}
    assert {kind for kind in known["kinds"] if kind != "ready-ready"} <= trees.keys()
