from . import (
    mailjet_mailing_delivery,
    mailjet_mailing_prepare,
    mailjet_mailing_upload,
    mailjet_mailing_schedule,
    mailjet_mailing_send,
    mailjet_mailing_cancel,
    mailjet_mailing_trouble,
    mailjet_mailing_progress,
    mailjet_upload,
    mailjet_list,
    mailjet_delivery,
)
