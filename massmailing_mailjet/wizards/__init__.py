from . import (
    mailjet_wizard_mixin,
    mailjet_issues_mixin,
    base_partner_merge,
    mailjet_erasure_wizards,
    mailjet_mailing_add,
    mailjet_mailing_schedule,
    mailjet_mailing_send,
    mailjet_mailing_test,
    mailjet_personal_data,
    mailjet_recipient_add,
    mailjet_recipient_load_refresh,
    mailjet_webhook_replace,
)
