from . import (
    mailjet_mailing_check,
    mailjet_check,
    mailjet_check_acknowledgement,
    mailjet_link_check,
    mailjet_missing_value,
    mailjet_erasure_checks,
)
