"""The one place that talks HTTP to Mailjet, through Mailjet's own client library.

Two features of the library are switched off. Over https it silently repeats POST, PUT
and DELETE on a timeout, a reset, a 429 or a 5xx, which could send a campaign twice.
And it sends an ``Idempotency-Key`` made from the body alone, the same for two
different drafts; here every call has its own.

An answer counts only when it is one of Mailjet's: a redirection is never followed, and
a web page in place of data is an error, whatever its status.
"""

import json
import logging
import uuid
from contextlib import contextmanager
from functools import cached_property

import mailjet_rest
from mailjet_rest import client as sdk
from mailjet_rest import errors

from ..exceptions import (
    MailjetAuthError,
    MailjetBusyError,
    MailjetConfigurationError,
    MailjetForeignAnswerError,
    MailjetNoAnswerError,
    MailjetNotFoundError,
    MailjetRefusedError,
    MailjetSuspendedError,
    MailjetTooLargeError,
)
from .mailjet_account_client import AccountCalls
from .mailjet_campaign_client import CampaignCalls
from .mailjet_contact_client import ContactCalls
from .mailjet_feedback_client import FeedbackCalls
from .mailjet_message_client import MessageCalls

# The library logs a traceback for every timeout, and texts of answers. It is silenced
# for good, since the callers log errors themselves. Switching it off and on again would
# not be safe with several threads.
logging.getLogger(sdk.__name__).disabled = True

# Seconds to connect and seconds between two bytes of an answer.
TIMEOUT = (10, 60)
# Rows of one page; Mailjet silently cuts more.
# https://dev.mailjet.com/email/reference/overview/filters/
PAGE_SIZE = 1000

# The statuses of Mailjet's own answers to a successful call; 304 is that of a change
# that changes nothing.
SUCCESSES = (200, 201, 204, 304)
# Mailjet's code for a suspended key. https://dev.mailjet.com/email/guides/send-api-v31/
SUSPENDED_CODE = "mj-0001"


class _Client(mailjet_rest.Client):
    """Mailjet's client without its retries, since only the caller knows which call may
    be repeated, and without redirections, which would carry the keys elsewhere.

    :raise RuntimeError: when this version of the library repeats calls nevertheless
    """

    _RETRY_STRATEGY = sdk.JitterRetry(total=0, raise_on_status=False)

    def __init__(self, **settings):
        super().__init__(**settings)
        self.session.max_redirects = 0
        _assert_no_retries(self.session)


class MailjetClient(
    AccountCalls, ContactCalls, CampaignCalls, MessageCalls, FeedbackCalls
):
    """One API key's view of Mailjet: plain values in, plain values out.

    Every method raises a :class:`~..exceptions.MailjetError`. Ids are strings, since
    Mailjet's overflow 32 bits. Use as a context manager, one per job.

    :param str api_key: public key
    :param str api_secret: secret key
    :param str api_url: base address, such as ``https://api.mailjet.com``
    """

    def __init__(self, api_key, api_secret, api_url):
        if not (api_key and api_secret):
            raise MailjetConfigurationError("The API keys are not set.")
        self._settings = {
            "auth": (api_key, api_secret),
            "api_url": api_url,
            "timeout": TIMEOUT,
        }
        try:
            self._v3 = _Client(version="v3", **self._settings)
        except ValueError as error:
            raise MailjetConfigurationError(str(error)) from error

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self._v3.close()
        if "_v31" in vars(self):
            self._v31.close()

    @cached_property
    def _v31(self):
        """The client of the Send API. Few jobs need it, and making it reads all of the
        machine's certificates."""
        return _Client(version="v3.1", **self._settings)

    # === WIRE === #

    def _get_all(self, resource, **filters):
        """Return every row of a resource, page by page."""
        rows, has_more = [], True
        while has_more:
            page, has_more = self._get_page(resource, len(rows), **filters)
            rows += page
        return rows

    def _get_page(self, resource, offset, **filters):
        """Return one page of a resource's rows from an offset on, and whether there may
        be more."""
        answer = self._call(
            getattr(self._v3, resource).get,
            filters={**filters, "Limit": PAGE_SIZE, "Offset": offset},
        )
        rows = self._rows(answer)
        return rows, len(rows) == PAGE_SIZE

    def _create(self, resource, data, **path):
        """POST to a resource and return the row of the answer."""
        return self._first(
            self._call(getattr(self._v3, resource).create, data=data, **path)
        )

    def _part(self, answer, name):
        """Return a part of a JSON answer.

        :raise MailjetNoAnswerError: when it is missing: something on the way may have
            replaced the answer
        """
        if not isinstance(answer, dict) or name not in answer:
            raise MailjetNoAnswerError(f"Mailjet's answer has no {name}.")
        return answer[name]

    def _rows(self, answer):
        """Return the rows of an envelope."""
        rows = self._part(answer, "Data")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise MailjetNoAnswerError("Mailjet's answer has no rows.")
        return [_Row(row) for row in rows]

    def _first(self, answer):
        """Return the only row of an envelope."""
        rows = self._rows(answer)
        if not rows:
            raise MailjetNoAnswerError("Mailjet's answer has no row.")
        return rows[0]

    def _call(self, method, as_text=False, **arguments):
        """Make one call and return the decoded answer: the JSON, or its text."""
        if method.__name__ != "get":
            arguments["headers"] = {"Idempotency-Key": str(uuid.uuid4())}
        with _translated_errors():
            response = method(**arguments)
        # The error files are UTF-8 though their content type does not say so.
        text = response.content.decode("utf-8", errors="replace")
        if response.status_code not in SUCCESSES or _is_page(text):
            raise MailjetForeignAnswerError("Something else answers for Mailjet.")
        if as_text:
            return text
        try:
            return json.loads(text)
        except ValueError as error:
            # Cut or garbled on the way: the call itself may well have succeeded.
            raise MailjetNoAnswerError("Mailjet's answer is not readable.") from error

    def _delete(self, endpoint, **path):
        """Make one call to which Mailjet answers nothing."""
        if self._call(endpoint.delete, as_text=True, **path).strip():
            raise MailjetForeignAnswerError("Something else answers for Mailjet.")


class _Row(dict):
    """A row of an answer. A missing key means that the answer is not Mailjet's."""

    def __missing__(self, name):
        raise MailjetNoAnswerError(f"A row of Mailjet's answer has no {name}.")


@contextmanager
def _translated_errors():
    """Turn the library's exceptions into ours, in one place for all calls."""
    try:
        yield
    except errors.MailjetAuthError as error:
        is_suspended = SUSPENDED_CODE in error.response_body
        kind = MailjetSuspendedError if is_suspended else MailjetAuthError
        raise kind(_reason(error.response_body)) from error
    except errors.DoesNotExistError as error:
        if _is_page(error.response_body):
            raise MailjetForeignAnswerError("A page says 404.") from error
        raise MailjetNotFoundError(_reason(error.response_body)) from error
    except errors.ValidationError as error:
        body = error.response_body
        raise MailjetRefusedError(_reason(body), _decoded(body)) from error
    except errors.ApiRateLimitError as error:
        raise MailjetBusyError("Mailjet answers: too many calls.") from error
    except errors.MailjetNetworkError as error:
        raise MailjetNoAnswerError("Mailjet did not answer.") from error
    except errors.ApiError as error:
        raise _translated_status(error) from error
    except ValueError as error:
        # The library's own guard: nothing was sent.
        raise MailjetRefusedError(str(error)) from error


def _translated_status(error):
    """Return our exception for a status that the library has no exception for."""
    response = getattr(error.__cause__, "response", None)
    if response is None:
        return MailjetNoAnswerError("Mailjet did not answer.")
    message = f"Mailjet answers {response.status_code}."
    if response.status_code == 413:
        return MailjetTooLargeError(message)
    if response.status_code >= 500:
        return MailjetBusyError(message)
    if response.status_code < 400:
        return MailjetForeignAnswerError("The call was redirected.")
    return MailjetRefusedError(message)


def _assert_no_retries(session):
    """Complain when a session repeats calls by itself.

    :raise RuntimeError: naming the addresses for which it does
    """
    repeating = [
        prefix
        for prefix, adapter in session.adapters.items()
        if adapter.max_retries.total != 0
    ]
    if repeating:
        raise RuntimeError(f"Calls to {', '.join(repeating)} would be repeated.")


def _is_page(text):
    """Return whether a text is a web page, which Mailjet never answers."""
    return text.lstrip("\ufeff \t\r\n").startswith("<")


def _decoded(body):
    """Return the JSON of an error body, or None."""
    try:
        return json.loads(body)
    except ValueError:
        return None


def _reason(body):
    """Return the sentence of an error body. Its parts may be texts or objects, and some
    errors have no JSON at all."""
    answer = _decoded(body)
    if not isinstance(answer, dict):
        return ""
    parts = (answer.get("ErrorInfo"), answer.get("ErrorMessage"))
    texts = [
        part if isinstance(part, str) else json.dumps(part) for part in parts if part
    ]
    return " - ".join(texts)
