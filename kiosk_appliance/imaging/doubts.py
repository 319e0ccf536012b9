"""How sure a cut is: what speaks against it, each weighed by how much of it an ugly cut has.

Reasons add up. Their weights were fitted on 348 scenes of `tests.bench.scenes`, each part of which
was checked by the others, and held on 70 more.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk_appliance.imaging import disputes
from kiosk_appliance.imaging.disputes import Mask, seen
from kiosk_appliance.imaging.networks import Coverage

# Of the photo: less is nobody.
_SMALLEST_SHARE = 0.003
_UNDECIDED = (0.2, 0.8)
# How much of each, were it the only one, makes a cut as likely ugly as not. Of both networks'
# people the share that one alone sees; of the people the largest region that colours and finder
# both speak against, and all that an outline by colour has otherwise.
_ONE_ALONE, _DISPROVED, _OTHERWISE = 1.5, 0.07, 0.25
# And what is too much whatever the others say: that share once more; undecided pixels by the length
# of an outline.
_STRANGERS, _SMEARED = 0.5, 0.03
# How strongly colours speak, as a logarithm, and what the finder doubts at least.
_STRONGLY = 1.0
_INSIDE, _OUTSIDE = 0.9, 0.1
# A region that is thinner than this share of a person's size belongs to the outline.
_THIN = 0.05
_NEAR = np.ones((25, 25), np.uint8)


def confidence(
    matte: Coverage, rough: Coverage, leans: NDArray[np.float64], by_colour: Mask
) -> float:
    """Return how sure the matte is, 0 to 1; from a half on it looks right more often than not.

    `rough` is the finder's opinion, smaller than the matte, which has the photo's size; `leans` is
    what `disputes.leaning` tells of both; `by_colour` is who is somebody by an outline along
    colours, of the size of `rough`.
    """
    low = disputes.lowered(matte, rough)
    people = seen(low)
    area = int(people.sum())
    if area < _SMALLEST_SHARE * low.size:
        return 0.0
    alone = 1 - disputes.agreement(low, rough)
    undecided = int(((low > _UNDECIDED[0]) & (low < _UNDECIDED[1])).sum())
    together = (
        alone / _ONE_ALONE,
        _disproved(low, rough, leans) / _DISPROVED,
        int((people ^ by_colour).sum()) / area / _OTHERWISE,
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
    ground_within = (leaning < -_STRONGLY) & (low > disputes.LIKELY) & (rough < _INSIDE)
    people_without = (leaning > _STRONGLY) & (low < disputes.LOST) & (rough > _OUTSIDE) & near
    area = int(people.sum())
    return max(_largest(ground_within, area), _largest(people_without, area))


def _largest(region: Mask, area: int) -> float:
    """Return how large its largest thick part is, as a share of `area`."""
    opened = disputes.opened(region, area, _THIN)
    _, _, stats, _ = cv2.connectedComponentsWithStats(opened)
    return float(stats[1:, cv2.CC_STAT_AREA].max(initial=0)) / area
