"""What can go wrong between Odoo and Mailjet, as data.

The texts are for logs; what a user reads is chosen by the models, which translate.
"""


class MailjetError(Exception):
    """Any failure of a call to Mailjet."""


class MailjetConfigurationError(MailjetError):
    """The account's address or keys cannot be used for any call."""


class MailjetAuthError(MailjetError):
    """Mailjet rejects the keys (HTTP 401 or 403)."""


class MailjetSuspendedError(MailjetAuthError):
    """Mailjet reports that the key is suspended."""


class MailjetNotFoundError(MailjetError):
    """The object does not exist at Mailjet (HTTP 404)."""


class MailjetRefusedError(MailjetError):
    """Mailjet understood the call and rejected it (HTTP 400).

    :param str reason: Mailjet's error message
    :param answer: the decoded body, or None
    """

    def __init__(self, reason, answer=None):
        super().__init__(reason)
        self.answer = answer


class MailjetTooLargeError(MailjetRefusedError):
    """The call holds more data than Mailjet accepts at once (HTTP 413)."""


class MailjetRetryError(MailjetError):
    """A temporary failure: the same call may succeed later."""


class MailjetBusyError(MailjetRetryError):
    """Mailjet is overloaded or temporarily broken (HTTP 429 or 5xx)."""


class MailjetNoAnswerError(MailjetRetryError):
    """No answer came back: it is unknown whether the call had its effect."""


class MailjetForeignAnswerError(MailjetNoAnswerError):
    """Something in between answered in Mailjet's place, such as a login page."""


class NewsletterFileError(Exception):
    """A newsletter file cannot be imported.

    :param str reason: one of those that ``mailjet.html.import`` has a message for
    :param detail: the path, or the size in bytes, that the message mentions
    """

    def __init__(self, reason, detail=None):
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


class InlineImageError(ValueError):
    """An image embedded in an email can neither be hosted nor stay embedded.

    :param str reason: ``too_large``, ``damaged`` or, if no mailbox displays it,
        ``kind``
    :param int limit: the maximum size in bytes
    """

    def __init__(self, reason, limit=0):
        super().__init__(reason)
        self.reason = reason
        self.limit = limit
