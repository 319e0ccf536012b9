"""kiosk.toml becomes frozen values: default, bound, unit and help of each key stand in one table.

Knows no library of the appliance's own work and nothing of what the settings are for.
"""

from kiosk_appliance.settings.declarations import Settings
from kiosk_appliance.settings.mistakes import Mistake, MistakesFound
from kiosk_appliance.settings.reading import Loaded, load
from kiosk_appliance.settings.summary import summary
from kiosk_appliance.settings.values import Address, QuietHours, Secret

__all__ = [
    "Address",
    "Loaded",
    "Mistake",
    "MistakesFound",
    "QuietHours",
    "Secret",
    "Settings",
    "load",
    "summary",
]
