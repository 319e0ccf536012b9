"""What a guest would get under some settings, before anybody has taken a photo.

For the technician's `check`: where links lead, what the SMS says, and how many segments it costs.
"""

from urllib.parse import urlsplit

from kiosk_appliance import ids
from kiosk_appliance.core.links import Links
from kiosk_appliance.domain.sms import segments

_UNKNOWN = (
    "links: the container's own address, known after the first contact with the provider; until "
    "then links lead to this kiosk (to avoid that, set [links] base_url, or give the project's id "
    "as tenant_name)"
)


def describe(links: Links, text: str) -> list[str]:
    """Return the lines to show; `text` is the SMS with its `{link}`."""
    if links.waiting_for_cloud:
        return [_UNKNOWN]
    lines = []
    if links.in_cloud and not links.learns:
        lines.append(f"links: {links.cloud_base} must serve the container's objects")
    link = links.download_url(ids.new_id())
    lines.append(f"links: look like {link}")
    if urlsplit(link).hostname == "localhost":
        lines.append("links: only this machine can open them; set [links] base_url for phones")
    cost = segments(text.replace("{link}", link))
    lines.append(
        f"sms: {_cost(cost.parts)} for {cost.units} characters ({_encoding(cost.encoding)})"
    )
    if cost.first_offending:
        lines.append(
            f"sms: {cost.first_offending!r} is not in the plain SMS alphabet and halves the room; "
            "write it another way to save segments"
        )
    return lines


def _cost(parts: int) -> str:
    return "1 segment" if parts == 1 else f"{parts} segments"


def _encoding(name: str) -> str:
    return "plain SMS alphabet" if name == "gsm7" else "Unicode"
