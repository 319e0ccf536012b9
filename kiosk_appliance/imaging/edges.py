"""The outline of a cut-out: small faults mended, the edge drawn by the photo's own colours.

Works on planes of 0 to 1 at a working size; knows neither networks nor backgrounds.
"""

import cv2
import numpy as np

from kiosk_appliance.imaging.networks import Coverage
from kiosk_appliance.imaging.pixels import Frame, Size, resized

_RADIUS = 4
_SMOOTHNESS = 1e-4
_GROWN = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9))
_SURE = 0.97
# Faint, but to be seen; and what is neither nothing nor all.
_SEEN = 0.15
_BAND = (0.02, 0.98)
# What the other opinion has to be for a blob to stay.
_VOUCHED = 0.5
_GROUND_AND_ONE = 2
_STRIP_ROWS = 64
# How far colours are spread beyond the outline, in turn.
_REACHES = (12, 5, 2)
# Of the largest person: what is smaller, and apart, and that the finder does not vouch for.
_STRAY_SHARE = 0.04
_TIDIED_WIDTH = 320


def stretched(matte: Coverage) -> Coverage:
    """Return the matte with what is nearly nothing or nearly all decided."""
    # In place: each plane anew would be taken from the system anew.
    result = matte - np.float32(0.1)
    result *= np.float32(1 / 0.8)
    return np.clip(result, 0, 1, out=result)


def tidied(matte: Coverage, rough: Coverage) -> Coverage:
    """Return the matte without stray blobs that `rough`, of any size, does not vouch for."""
    height, width = matte.shape
    small = (min(_TIDIED_WIDTH, width), max(1, height * min(_TIDIED_WIDTH, width) // width))
    low = cv2.resize(matte, small, interpolation=cv2.INTER_AREA)
    opinion = cv2.resize(rough, small, interpolation=cv2.INTER_AREA)
    gone = _strays(np.asarray(low, np.float32), np.asarray(opinion, np.float32))
    if not gone.any():
        return matte
    keep = cv2.resize(1 - gone, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.min(matte, keep), np.float32)


def _strays(matte: Coverage, opinion: Coverage) -> Coverage:
    seen = (matte > _SEEN).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(seen)
    gone = np.zeros(matte.shape, np.float32)
    if count <= _GROUND_AND_ONE:
        return gone
    largest = stats[1:, cv2.CC_STAT_AREA].max()
    for label in range(1, count):
        if stats[label, cv2.CC_STAT_AREA] >= _STRAY_SHARE * largest:
            continue
        if opinion[labels == label].mean() < _VOUCHED:
            gone[labels == label] = 1
    return np.asarray(cv2.dilate(gone, np.ones((3, 3), np.uint8)), np.float32)


def refined(matte: Coverage, photo: Frame) -> Coverage:
    """Return the matte, its undecided band drawn anew along the photo's colours (guided filter).

    He, Sun, Tang: Guided Image Filtering (2013), with a guide of three colours.
    """
    band = ((matte > _BAND[0]) & (matte < _BAND[1])).astype(np.uint8)
    left, top, across, down = cv2.boundingRect(band)
    if not across:
        return matte
    pad = 3 * _RADIUS
    wide = cv2.dilate(band, _GROWN)
    columns = slice(max(0, left - pad), left + across + pad)
    result = matte.copy()
    # In strips: two dozen planes are needed at a time.
    for first in range(max(0, top - pad), min(matte.shape[0], top + down + pad), _STRIP_ROWS):
        low = max(0, first - pad)
        strip = (slice(low, first + _STRIP_ROWS + pad), columns)
        guide = np.asarray(photo[strip] * np.float32(1 / 255), np.float32)
        guided = _guided(guide, matte[strip])[first - low :][:_STRIP_ROWS]
        part = (slice(first, first + guided.shape[0]), columns)
        result[part] = np.where(wide[part] > 0, np.clip(guided, 0, 1), matte[part])
    return result


def _guided(guide: Coverage, plane: Coverage) -> Coverage:
    size = (2 * _RADIUS + 1,) * 2
    blue, green, red = cv2.split(guide)
    mean_p = cv2.blur(plane, size)
    means = [cv2.blur(channel, size) for channel in (blue, green, red)]
    cov_b, cov_g, cov_r = (
        cv2.blur(channel * plane, size) - mean * mean_p
        for channel, mean in zip((blue, green, red), means, strict=True)
    )
    mean_b, mean_g, mean_r = means
    bb = cv2.blur(blue * blue, size) - mean_b * mean_b + _SMOOTHNESS
    gg = cv2.blur(green * green, size) - mean_g * mean_g + _SMOOTHNESS
    rr = cv2.blur(red * red, size) - mean_r * mean_r + _SMOOTHNESS
    bg = cv2.blur(blue * green, size) - mean_b * mean_g
    br = cv2.blur(blue * red, size) - mean_b * mean_r
    gr = cv2.blur(green * red, size) - mean_g * mean_r
    # The inverse of a symmetric 3 x 3 matrix by its cofactors, for each pixel.
    i_bb, i_bg, i_br = gg * rr - gr * gr, br * gr - bg * rr, bg * gr - br * gg
    i_gg, i_gr, i_rr = bb * rr - br * br, br * bg - bb * gr, bb * gg - bg * bg
    scale = 1 / (bb * i_bb + bg * i_bg + br * i_br)
    a_b = (i_bb * cov_b + i_bg * cov_g + i_br * cov_r) * scale
    a_g = (i_bg * cov_b + i_gg * cov_g + i_gr * cov_r) * scale
    a_r = (i_br * cov_b + i_gr * cov_g + i_rr * cov_r) * scale
    rest = mean_p - a_b * mean_b - a_g * mean_g - a_r * mean_r
    drawn = cv2.blur(a_b, size) * blue + cv2.blur(a_g, size) * green + cv2.blur(a_r, size) * red
    return np.asarray(drawn + cv2.blur(rest, size), np.float32)


def own_colours(photo: Frame, matte: Coverage) -> Frame:
    """Return the colours that people have near their outline, free of what was behind them.

    Of half the photo's size: each pixel gets the mean of the sure ones around, near ones first.
    """
    small = Size(max(1, photo.shape[1] // 2), max(1, photo.shape[0] // 2))
    result = np.asarray(resized(photo, small), np.uint8).copy()
    sure = np.asarray(cv2.resize(matte, small, interpolation=cv2.INTER_AREA), np.float32)
    sure = np.asarray(sure > _SURE, np.float32)
    left, top, across, down = cv2.boundingRect(sure.astype(np.uint8))
    if across:
        # Nothing further off than two blurs' reach, and one pixel, changes.
        pad = 2 * _REACHES[0] + 1
        rows = slice(max(0, top - pad), top + down + pad)
        part = (rows, slice(max(0, left - pad), left + across + pad))
        result[part] = _spread(result[part], sure[part])
    return result


def _spread(photo: Frame, sure: Coverage) -> Frame:
    result = np.asarray(photo, np.float32)
    colours = np.asarray(result * sure[:, :, None], np.float32)
    for reach in _REACHES:
        size = (2 * reach + 1,) * 2
        weight = np.asarray(cv2.blur(cv2.blur(sure, size), size), np.float32)
        mean = np.asarray(cv2.blur(cv2.blur(colours, size), size), np.float32)
        mean /= np.maximum(weight, np.float32(1e-6))[:, :, None]
        trust = np.clip(weight * 20, 0, 1)[:, :, None]
        result += (mean - result) * trust
    return np.asarray(np.clip(np.round(result), 0, 255), np.uint8)
