"""What can go wrong between Odoo and Mailjet, as data.

The texts are for logs; what a user reads is chosen by the models, which translate.
"""


class MailjetError(Exception):
    """Anything that kept a Mailjet call from succeeding."""


class MailjetConfigurationError(MailjetError):
    """The account's address or keys cannot even be used for a call."""


class MailjetAuthError(MailjetError):
    """Mailjet does not accept the keys (HTTP 401 or 403)."""


class MailjetSuspendedError(MailjetAuthError):
    """Mailjet has suspended the key, and says so."""


class MailjetNotFoundError(MailjetError):
    """The object does not exist at Mailjet (HTTP 404)."""


class MailjetRefusedError(MailjetError):
    """Mailjet understood the call and said no (HTTP 400).

    :param str reason: Mailjet's own words
    :param answer: the decoded body, or None
    """

    def __init__(self, reason, answer=None):
        super().__init__(reason)
        self.answer = answer


class MailjetTooLargeError(MailjetRefusedError):
    """The call holds more data than Mailjet takes at once (HTTP 413)."""


class MailjetRetryError(MailjetError):
    """Not now: the same call may succeed later."""


class MailjetBusyError(MailjetRetryError):
    """Mailjet is overloaded or broken for the moment (HTTP 429 or 5xx)."""


class MailjetNoAnswerError(MailjetRetryError):
    """No answer came back: whether the call had its effect is not known."""


class MailjetForeignAnswerError(MailjetNoAnswerError):
    """Something on the way answered in Mailjet's place, such as a login page."""


class NewsletterFileError(Exception):
    """A newsletter's file cannot be taken as it is.

    :param str reason: one of those that ``mailjet.newsletter`` has a sentence for
    :param detail: what the sentence names: a path, or a size in bytes
    """

    def __init__(self, reason, detail=None):
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


class InlineImageError(ValueError):
    """An image within an email can neither be hosted nor stay where it is.

    :param str reason: ``too_large``, ``damaged`` or, of one that no mailbox shows,
        ``kind``
    :param int limit: how many bytes there may be
    """

    def __init__(self, reason, limit=0):
        super().__init__(reason)
        self.reason = reason
        self.limit = limit
