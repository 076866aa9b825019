from . import (
    mailjet_mailing_delivery,
    mailjet_upload,
    mailjet_list,
    mailjet_delivery_send,
    mailjet_delivery_schedule,
    mailjet_delivery_prepare,
    mailjet_delivery,
    mailjet_delivery_order,
    mailjet_delivery_notice,
    mailjet_delivery_progress,
)
