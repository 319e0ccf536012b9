"""Who the kiosk is and how it does."""

from kiosk_appliance import __version__
from kiosk_appliance.web.answers import About, Health
from kiosk_appliance.web.contract.description import Answer, Content, described

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"

_ABOUT = About(name="kiosk", version=__version__, status="ok", online=True, docs="/docs")
_HEALTH = Health(
    status="degraded",
    online=False,
    checks={
        "database": {"status": "ok", "detail": "It takes writes.", "write_ms": 4},
        "storage": {
            "status": "degraded",
            "detail": "The kiosk has no network; deliveries wait and go by themselves.",
            "circuit": "open",
            "cause": "no-network",
            "for_s": 12,
        },
        "postgres": {"status": "off", "detail": "Not configured."},
    },
    version=__version__,
    uptime_s=3600,
)
_FAILING = Health(
    status="failing",
    online=True,
    checks={"disk": {"status": "failing", "detail": "Make room.", "free_bytes": 104_857_600}},
    version=__version__,
    uptime_s=3600,
)
_SERIES = 'kiosk_outbox_deliveries{channel="storage",state="waiting"} 2.0\n'
_PING = {"status": "ok"}
_MONITORING = "Monitoring"


ABOUT = described(
    answers={
        200: Answer(
            "Who this is; the guest page for a browser.",
            (
                Content(About, example=_ABOUT),
                Content({"type": "string"}, "text/html; charset=utf-8"),
            ),
        )
    },
    tag=_MONITORING,
    takes_any_query=True,
)

PING = described(
    answers={200: Answer("It answers.", (Content(dict[str, str], example=_PING),))},
    tag=_MONITORING,
)

HEALTH = described(
    answers={
        200: Answer("Guests can be served.", (Content(Health, example=_HEALTH),)),
        503: Answer(
            "Guests can't be served: a check is failing.", (Content(Health, example=_FAILING),)
        ),
    },
    tag=_MONITORING,
)

METRICS = described(
    answers={200: Answer("All series.", (Content({"type": "string"}, PROMETHEUS, _SERIES),))},
    tag=_MONITORING,
)
