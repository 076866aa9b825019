from . import (
    mailjet_recipient_report,
    mailjet_suppression_report,
)
