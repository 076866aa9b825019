from . import (
    mailjet_link,
    mailjet_event,
    mailjet_event_queue,
    mailjet_recipient_trace,
    mailjet_recipient_tracking,
    mailjet_event_apply,
    mailjet_suppression,
    mailjet_sync_message,
    mailjet_sync_engagement,
    mailjet_sync,
)
