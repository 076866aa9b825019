import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from mailjet_rest.client import JitterRetry

from .. import exceptions
from ..tools.mailjet_client import MailjetClient, _Client
from .common import MailjetCase
from .wire import BROKEN, RESET, TIMEOUT, TOO_MANY, UNREADABLE, Fault, answer, refusal

LOGIN = "<!DOCTYPE html><html><body><form>Sign in</form></body></html>"
SUSPENDED = {"ErrorCode": "mj-0001", "StatusCode": 401, "ErrorMessage": "suspended"}


class TestClient(MailjetCase):
    """One call is one request, and every failure is one of our exceptions."""

    def setUp(self):
        super().setUp()
        self.client = MailjetClient("public", "secret", self.account.api_url)
        self.addCleanup(self.client.__exit__)

    def test_translates_every_failure(self):
        for response, expected in (
            (TIMEOUT, exceptions.MailjetNoAnswerError),
            (RESET, exceptions.MailjetNoAnswerError),
            (UNREADABLE, exceptions.MailjetNoAnswerError),
            (TOO_MANY, exceptions.MailjetBusyError),
            (BROKEN, exceptions.MailjetBusyError),
            (answer(504, "<html>"), exceptions.MailjetBusyError),
            (answer(401, ""), exceptions.MailjetAuthError),
            (answer(403, ""), exceptions.MailjetAuthError),
            (answer(404, ""), exceptions.MailjetNotFoundError),
            (answer(404, "<html>"), exceptions.MailjetForeignAnswerError),
            (answer(302, ""), exceptions.MailjetForeignAnswerError),
            (answer(200, LOGIN), exceptions.MailjetForeignAnswerError),
            (answer(401, SUSPENDED), exceptions.MailjetSuspendedError),
            (answer(413, "<html>"), exceptions.MailjetTooLargeError),
            (answer(405, ""), exceptions.MailjetRefusedError),
            (refusal("Missing content"), exceptions.MailjetRefusedError),
        ):
            with (
                self.subTest(response=response),
                self.assertRaises(exceptions.MailjetError) as caught,
            ):
                self.mailjet.faults["create_list"] = [Fault(response)]
                self.client.create_list("x")
            self.assertIs(type(caught.exception), expected)

    def test_an_answer_of_somebody_else_is_no_answer(self):
        calls = {
            "get_lists": lambda: self.client.find_list("x"),
            "count_members": lambda: self.client.count_members(1),
            "upload": lambda: self.client.upload_csv(1, b""),
            "get_errors": lambda: self.client.get_import_errors(1),
        }
        for name, call in calls.items():
            for body in ({"status": "ok"}, [], "<html><h1>Maintenance</h1>"):
                with (
                    self.subTest(name=name, body=body),
                    self.assertRaises(exceptions.MailjetNoAnswerError),
                ):
                    self.mailjet.faults[name] = [Fault(answer(200, body))]
                    call()

    def test_refusals_carry_mailjets_words(self):
        for body, words in (
            ({"ErrorInfo": "", "ErrorMessage": "Missing content"}, "Missing content"),
            ({"ErrorMessage": {"Lists": [1]}}, '{"Lists": [1]}'),
            ({"ErrorInfo": "a", "ErrorMessage": "b"}, "a - b"),
        ):
            with (
                self.subTest(body),
                self.assertRaises(exceptions.MailjetRefusedError) as caught,
            ):
                self.mailjet.faults["create_list"] = [Fault(answer(400, body))]
                self.client.create_list("x")
            self.assertEqual(str(caught.exception), words)

    def test_a_login_page_is_an_answer_to_no_call(self):
        """Whatever is asked, and though nothing of the answer is needed."""
        calls = {
            "get_keys": self.client.get_api_keys,
            "delete_list": lambda: self.client.delete_list(1),
            "unsubscribe": lambda: self.client.unsubscribe_members(1, ["a@b.example"]),
            "abort_import": lambda: self.client.abort_import(1),
            "get_errors": lambda: self.client.get_import_errors(1),
            "send_draft": lambda: self.client.send_draft(1),
            "schedule_draft": lambda: self.client.schedule_draft(1, datetime.now()),
            "unschedule_draft": lambda: self.client.unschedule_draft(1),
            "get_campaign": lambda: self.client.find_campaign(1),
            "set_content": lambda: self.client.set_content(1, "", ""),
            "send_messages": lambda: self.client.send_messages([]),
            "exclude": lambda: self.client.exclude_contacts([], True),
            "delete_webhook": lambda: self.client.delete_webhook({"ID": 1}),
            "update_webhook": lambda: self.client.set_webhook(
                {"ID": 1, "Url": "a", "Version": 1}, "open", "b", 2
            ),
        }
        for name, call in calls.items():
            for status, body in (
                (200, LOGIN),
                (302, ""),
                (404, LOGIN),
                (201, "\ufeff <p>"),
            ):
                with (
                    self.subTest(name=name, status=status),
                    self.assertRaises(exceptions.MailjetForeignAnswerError),
                ):
                    self.mailjet.faults[name] = [Fault(answer(status, body))]
                    call()

    def test_json_of_somebody_else_is_no_departure(self):
        for name, call in {
            "send_draft": lambda: self.client.send_draft(1),
            "schedule_draft": lambda: self.client.schedule_draft(1, datetime.now()),
        }.items():
            self.mailjet.faults[name] = [Fault(answer(200, {"status": "ok"}))]
            with self.assertRaises(exceptions.MailjetNoAnswerError):
                call()

    def test_redirections_are_not_followed(self):
        """Else the keys, or a call without them, would go elsewhere."""
        for client in (self.client._v3, self.client._v31):
            self.assertEqual(client.session.max_redirects, 0)

    def test_the_library_never_repeats_a_call(self):
        for client in (self.client._v3, self.client._v31):
            self.assertEqual(len(client.session.adapters), 2)
            for adapter in client.session.adapters.values():
                self.assertEqual(adapter.max_retries.total, 0)

    def test_a_library_that_repeats_calls_is_not_used(self):
        class Repeating(_Client):
            _RETRY_STRATEGY = JitterRetry(total=1)

        with self.assertRaisesRegex(RuntimeError, "https://"):
            Repeating(version="v3", auth=("public", "secret"))

    def test_the_library_says_nothing_in_the_log(self):
        """From several threads at once, and ever after."""
        library = logging.getLogger("mailjet_rest.client")
        self.mailjet.faults["get_keys"] = [Fault(TIMEOUT)] * 8
        with ThreadPoolExecutor(4) as pool:
            calls = [pool.submit(self.client.get_api_keys) for _call in range(8)]
        for call in calls:
            self.assertIsInstance(call.exception(), exceptions.MailjetNoAnswerError)
        self.assertTrue(library.disabled)

    def test_addresses_that_are_not_mailjets_are_refused(self):
        for url in ("https://example.com", "ftp://localhost", ""):
            with (
                self.subTest(url),
                self.assertRaises(exceptions.MailjetConfigurationError),
            ):
                MailjetClient("public", "secret", url)

    def test_reads_all_pages(self):
        sender = self.mailjet.senders[0]
        self.mailjet.senders = [sender] * 1000
        pages = [
            Fault(answer(200, {"Data": [sender] * 1000})),
            Fault(answer(200, {"Data": [sender]})),
        ]
        self.mailjet.faults["get_senders"] = pages
        self.assertEqual(len(self.client.get_senders()), 1001)

    def test_secrets_stay_behind(self):
        self.assertNotIn("SecretKey", self.client.get_api_keys()[0])

    def test_counts_what_was_sent(self):
        self.mailjet.sent_count = 12
        self.assertEqual(self.client.count_sent(datetime(2026, 1, 1)), 12)

    def test_a_filter_that_mailjet_ignores_finds_no_foreign_import(self):
        row = {"ID": 5, "DataID": 6}
        self.mailjet.faults["get_jobs"] = [Fault(answer(200, {"Data": [row]}))]
        self.assertIsNone(self.client.find_import("7"))

    def test_a_filter_that_mailjet_ignores_finds_no_foreign_list(self):
        row = {"ID": 5, "Name": "other", "IsDeleted": False}
        self.mailjet.faults["get_lists"] = [Fault(answer(200, {"Data": [row]}))]
        self.assertIsNone(self.client.find_list("mine"))
