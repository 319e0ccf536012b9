"""How sure a cut is: what speaks against it, each weighed by how much of it an ugly cut has.

Reasons add up. Their weights were fitted on 280 scenes of `tests.bench.scenes`, and held on 48
more. Knows no background, and not what becomes of a photo whose cut is not sure.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk_appliance.imaging import regions
from kiosk_appliance.imaging.networks import Coverage
from kiosk_appliance.imaging.regions import Mask, seen

# Of the photo: less is nobody.
_SMALLEST_SHARE = 0.003
_UNDECIDED = (0.2, 0.8)
# How much of each, were it the only one, makes a cut as likely ugly as not. Of both networks'
# people the share that one alone sees; of the people the largest region that colours and finder
# both speak against, all that an outline by colour has otherwise, and the largest piece whose
# colours only the ground has near by.
_ONE_ALONE, _DISPROVED, _OTHERWISE, _FOREIGN = 2.6, 0.062, 0.22, 0.033
# And what is too much whatever the others say: that share once more; undecided pixels by the length
# of an outline.
_STRANGERS, _SMEARED = 0.58, 0.032
# How strongly colours speak, as a logarithm, and what the finder doubts at least.
_STRONGLY = 1.0
_INSIDE, _OUTSIDE = 0.9, 0.1
# The same of colours elsewhere, where the finder is not asked.
_BEYOND_DOUBT = 2.5
# A region that is thinner than this share of a person's size belongs to the outline.
_THIN, _FOREIGN_THIN = 0.05, 0.03
_NEAR = np.ones((25, 25), np.uint8)


class Colours(NamedTuple):
    """What the photo's colours say of a matte, at the size of the finder's opinion."""

    leans: NDArray[np.float64]
    """`palette.leaning`: how much more frequent they are among people."""
    elsewhere: NDArray[np.float32]
    """`elsewhere.leaning`: the same, with no say for what is judged."""
    outline: Mask
    """`outlines.by_colour`: who is somebody by them."""


def confidence(matte: Coverage, rough: Coverage, colours: Colours) -> float:
    """Return how sure the matte is, 0 to 1; from a half on it looks right more often than not.

    `rough` is the finder's opinion, smaller than the matte, which has the photo's size.
    """
    low = regions.lowered(matte, rough)
    people = seen(low)
    area = int(people.sum())
    if area < _SMALLEST_SHARE * low.size:
        return 0.0
    alone = 1 - regions.agreement(low, rough)
    undecided = int(((low > _UNDECIDED[0]) & (low < _UNDECIDED[1])).sum())
    together = (
        alone / _ONE_ALONE,
        _disproved(low, rough, colours.leans) / _DISPROVED,
        int((people ^ colours.outline).sum()) / area / _OTHERWISE,
        _foreign(low, colours.elsewhere) / _FOREIGN,
    )
    doubt = max(
        sum(one**0.5 for one in together),
        alone / _STRANGERS,
        undecided / (area * low.size) ** 0.5 / _SMEARED,
    )
    return max(0.0, 1 - float(doubt) ** 2 / 2)


def _disproved(low: Coverage, rough: Coverage, leans: NDArray[np.float64]) -> float:
    """Return the largest region that has the wrong side's colours, which the finder doubts, too."""
    people = seen(low)
    leaning = cv2.blur(leans, (5, 5))
    near = cv2.dilate(people.astype(np.uint8), _NEAR) > 0
    ground_within = (leaning < -_STRONGLY) & (low > regions.LIKELY) & (rough < _INSIDE)
    people_without = (leaning > _STRONGLY) & (low < regions.LOST) & (rough > _OUTSIDE) & near
    area = int(people.sum())
    return max(_largest(ground_within, area, _THIN), _largest(people_without, area, _THIN))


def _foreign(low: Coverage, elsewhere: NDArray[np.float32]) -> float:
    """Return the largest piece of the people that has the colours of the ground near by alone."""
    ground = (cv2.blur(elsewhere, (5, 5)) < -_BEYOND_DOUBT) & (low > regions.LIKELY)
    return _largest(np.asarray(ground, np.bool_), int(seen(low).sum()), _FOREIGN_THIN)


def _largest(region: Mask, area: int, thin: float) -> float:
    """Return how large its largest thick part is, as a share of `area`."""
    opened = regions.opened(region, area, thin)
    _, _, stats, _ = cv2.connectedComponentsWithStats(opened)
    return float(stats[1:, cv2.CC_STAT_AREA].max(initial=0)) / area
