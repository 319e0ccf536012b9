"""What the provider bills: counted here on its own, so that our counting has something to meet."""

import re

STOP_TEXT = "\nSTOP au 36111"
_GSM7 = re.compile(
    r"[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ -#¤%-?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\\[~\]|€\f]*",
)
_DOUBLE = re.compile(r"[\^{}\\\[~\]|€\f]")


def parts(text: str) -> tuple[str, int]:
    """Return OVH's name of the alphabet (`7bits` or `unicode`) and the number of parts."""
    if _GSM7.fullmatch(text):
        units = [2 if _DOUBLE.fullmatch(c) else 1 for c in text]
        return "7bits", _fill(units, 160, 153)
    units = [len(c.encode("utf-16-le", "surrogatepass")) // 2 for c in text]
    return "unicode", _fill(units, 70, 67)


def _fill(units: list[int], alone: int, joined: int) -> int:
    if sum(units) <= alone:
        return 1
    count, room = 0, 0
    for unit in units:
        if unit > room:
            count, room = count + 1, joined
        room -= unit
    return count
