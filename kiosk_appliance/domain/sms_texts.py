"""Our own words for the SMS, in the languages of the guest page: one segment with a short link.

An operator who writes her own (`[sms] text`) is taken at her word, in whatever language it is.
"""

from typing import Final

from kiosk_appliance.settings.declarations import SMS_TEXT

_TEXTS: Final = {
    "fr": SMS_TEXT,
    "en": "Hello, your selfie is waiting for you here: {link} Thank you for your visit!",
    "de": "Hallo, Ihr Selfie wartet hier auf Sie: {link} Danke für Ihren Besuch!",
    "es": "Hola, su selfie le espera en {link} ¡Gracias por su visita!",
    "it": "Ciao, il tuo selfie ti aspetta qui: {link} Grazie della visita!",
    "nl": "Hallo, je selfie staat hier voor je klaar: {link} Bedankt voor je bezoek!",
}
LANGUAGES: Final = tuple(_TEXTS)


def in_language(text: str, *languages: str) -> str:
    """Return the text for a guest: the operator's own, else ours in the first that we write."""
    if text != SMS_TEXT:
        return text
    return next((_TEXTS[one] for one in languages if one in _TEXTS), text)
