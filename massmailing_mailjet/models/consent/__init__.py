from . import (
    mailjet_unsubscribe_mixin,
    mail_blacklist,
    mailjet_consent,
    mailjet_consent_key,
    mailjet_consent_lift,
    mailjet_consent_note,
)
