"""The states of a delivery."""

from pathlib import Path

import pytest

from kiosk_appliance.domain.delivery import ENDED, Delivered, Parcel, State


def test_four_states_are_final() -> None:
    assert {str(state) for state in ENDED} == {"delivered", "expired", "refused", "cancelled"}
    assert {str(state) for state in set(State) - ENDED} == {"waiting", "running", "uncertain"}


def test_outcomes_and_parcels_are_values() -> None:
    assert Delivered("x") == Delivered("x")
    parcel = Parcel("d", "c", "t", 1, Path("photo.jpg"))
    with pytest.raises(AttributeError):
        parcel.tag = "other"  # type: ignore[misc]
