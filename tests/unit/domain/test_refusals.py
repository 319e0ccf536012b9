"""When the same words for several items blame the set-up."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk_appliance.domain.refusals import Blamed, Refusals

ITEMS = st.sampled_from("abcdef")
WORDS = st.sampled_from(("no such field", "bad number"))
# (item, words) is a refusal; None a delivery that succeeded.
HISTORY = st.lists(st.one_of(st.none(), st.tuples(ITEMS, WORDS)), max_size=40)


def test_two_items_are_no_proof_and_a_third_is() -> None:
    refusals = Refusals()
    assert refusals.add("a", "400.", 1_000) is None
    assert refusals.add("b", "400.", 2_000) is None
    assert refusals.add("c", "400.", 3_000) == Blamed(3_000, ("a", "b"))


def test_one_item_that_comes_back_is_no_proof() -> None:
    refusals = Refusals()
    assert all(refusals.add("a", "400.", now) is None for now in range(10))
    assert refusals.add("b", "400.", 10) is None


def test_once_blamed_one_is_enough_until_a_delivery_succeeds() -> None:
    refusals = Refusals()
    for number, item in enumerate("abc"):
        refusals.add(item, "400.", number)
    refusals.reopened()
    assert refusals.add("a", "400.", 60_000) == Blamed(2, ()), "the fault is as old as it is"
    refusals.succeeded()
    assert refusals.add("d", "400.", 70_000) is None


def test_what_is_refused_again_after_a_success_is_at_fault_itself() -> None:
    refusals = Refusals()
    for number, item in enumerate("abc"):
        refusals.add(item, "400.", number)
    refusals.reopened()
    assert sorted(refusals.excused) == ["a", "b", "c"]
    refusals.succeeded()
    assert refusals.excused == ()
    assert [refusals.add(item, "400.", 9) for item in "abcab"] == [None] * 5
    assert [refusals.add(item, "400.", 9) for item in "de"] == [None] * 2
    assert refusals.add("f", "400.", 10) == Blamed(10, ("d", "e")), "others are no less a proof"


@given(HISTORY)
def test_only_different_items_in_a_row_with_the_same_words_blame_the_set_up(
    history: list[tuple[str, str] | None],
) -> None:
    refusals = Refusals()
    row: list[str] = []
    words, blamed_since = "", None
    excused: set[str] = set()
    own: set[str] = set()
    for now, event in enumerate(history):
        if event is None:
            refusals.succeeded()
            row, words, blamed_since = [], "", None
            own, excused = own | excused, set()
            continue
        item, said = event
        if item in own:
            assert refusals.add(item, said, now) is None
            continue
        if said != words:
            row, words, blamed_since = [], said, None
        row.append(item)
        verdict = refusals.add(item, said, now)
        if blamed_since is None and len(set(row)) >= 3:
            blamed_since = now
        if blamed_since is None:
            assert verdict is None
            continue
        assert verdict is not None
        assert verdict.since_ms == blamed_since
        assert item not in verdict.ended, "the one at hand is put back by itself"
        assert set(verdict.ended) == set(row) - {item}
        excused |= set(row)
        refusals.reopened()
        row = []
