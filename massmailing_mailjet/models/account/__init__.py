from . import (
    mailjet_account,
    mailjet_account_quota,
    mailjet_account_database,
    mailjet_account_webhook,
    mailjet_account_health,
    mailjet_sender,
    mailjet_mailing_onboarding,
    mailjet_light_mixin,
    mailjet_health_setup,
    mailjet_health_operation,
    mailjet_health,
    mailjet_erasure_account,
)
