"""A strict stand-in for OVH's SMS API: a real HTTP server with a ledger of what handsets got."""

from tests.parts.ovh.account import Job, Receipt, Sms
from tests.parts.ovh.faults import Fault
from tests.parts.ovh.http11 import Call
from tests.parts.ovh.stand_in import OvhStandIn
from tests.parts.ovh.trap import TrapHost

__all__ = ["Call", "Fault", "Job", "OvhStandIn", "Receipt", "Sms", "TrapHost"]
