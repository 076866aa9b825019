from . import (
    mailjet_campaign_check,
    mailjet_mailing_check,
    mailjet_mailing_issue,
    mailjet_mailing_missing_value,
    mailjet_mailing_sender_count,
    mailjet_check,
    mailjet_check_measuring,
    mailjet_mailing_unmeasured_count,
    mailjet_check_acknowledgement,
    mailjet_link_check,
    mailjet_stock,
    mailjet_erasure_checks,
)
