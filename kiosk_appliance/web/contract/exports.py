"""The figures, and the captures as files."""

from kiosk_appliance.core.statistics import Delay, Statistics, Totals
from kiosk_appliance.store.counters import Day, Failure, OfBackground
from kiosk_appliance.web.contract.description import BINARY, Answer, Content, Parameter, described

CSV_TYPE = "text/csv; charset=utf-8"
EXCEL_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_WANTED = (
    Parameter("from", "Taken since this date or time, such as `2026-06-01`."),
    Parameter("to", "Taken before this date or time."),
    Parameter(
        "numbers",
        "`full` shows phone numbers in full, and is audited; otherwise they are masked.",
        {"type": "string", "enum": ["full", "masked"]},
    ),
)
_HEADERS = {"Content-Disposition": "The file's name."}
_LINES = (
    "id,created_at,status,phone,email,consent_sms,consent_marketing,background_id,background,"
    "width,height,file_size,sms_sent\r\n"
    "Xk3v9QmZr1TbYw8Lc5NdE,2026-06-01T12:00:00.000Z,synced,'+336******61,guest@example.com,"
    "true,false,,,1920,1280,412345,true\r\n"
)

CSV = described(
    parameters=_WANTED,
    answers={
        200: Answer(
            "A line for each capture, oldest first; a cell that a spreadsheet would calculate has"
            " a leading quote.",
            (Content({"type": "string"}, CSV_TYPE, _LINES),),
            _HEADERS,
        )
    },
    problems=("insufficient-storage",),
)
EXCEL = described(
    parameters=_WANTED,
    answers={
        200: Answer(
            "A row for each capture, oldest first; times are UTC.",
            (Content(BINARY, EXCEL_TYPE),),
            _HEADERS,
        )
    },
    problems=("insufficient-storage",),
)

_STATS = Statistics(
    totals=Totals(captures=210, sms_sent=180, bytes=86_592_450),
    per_day=[Day("2026-06-01", 210, 180, 86_592_450)],
    per_background=[OfBackground("Xk3v9QmZr1TbYw8Lc5NdE", "Confettis", 150)],
    delivery_delays={"sms": Delay(4.2, 11.5)},
    failures=[Failure("sms", "It could not be sent in time.", 2)],
)
STATS = described(answers={200: Answer("The figures.", (Content(Statistics, example=_STATS),))})
