from . import (
    mailjet_unsubscribe_mixin,
    mailjet_unsubscribe_search,
    mail_blacklist,
    mailjet_topic,
    mailjet_consent,
    mailjet_consent_mark,
    mailjet_consent_query,
    mailjet_consent_subscription,
    mailjet_consent_key,
    mailjet_consent_lift,
    mailjet_consent_note,
    mailjet_erasure_consent,
)
