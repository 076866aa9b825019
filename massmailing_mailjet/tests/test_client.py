import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime

from odoo.tests import tagged

from .. import exceptions
from ..tools.mailjet_client import MailjetClient, _Client
from .common import MailjetCase
from .mailjet import IMPORT_ERRORS, SCHEDULE, SEND, UNSCHEDULE, UPLOAD

LOGIN = "<!DOCTYPE html><html><body><form>Sign in</form></body></html>"
SUSPENDED = {"ErrorCode": "mj-0001", "StatusCode": 401, "ErrorMessage": "suspended"}


@tagged("post_install", "-at_install")
class TestClient(MailjetCase):
    """One call is one request, and every failure is one of our exceptions."""

    def setUp(self):
        super().setUp()
        self.client = MailjetClient("public", "secret", self.account.api_url)
        self.addCleanup(self.client.__exit__)

    def test_translates_every_failure(self):
        for kind, expected in (
            ("hang", exceptions.MailjetNoAnswerError),
            ("reset", exceptions.MailjetNoAnswerError),
            ("truncated", exceptions.MailjetNoAnswerError),
            ("429", exceptions.MailjetBusyError),
            ("500", exceptions.MailjetBusyError),
            ("504", exceptions.MailjetBusyError),
            ("html", exceptions.MailjetForeignAnswerError),
            ("login", exceptions.MailjetForeignAnswerError),
        ):
            with self._failure(expected, kind=kind):
                self.mailjet.fail("POST contactslist", kind)
                self.client.create_list("x")
        for status, body, expected in (
            (401, "", exceptions.MailjetAuthError),
            (403, "", exceptions.MailjetAuthError),
            (404, "", exceptions.MailjetNotFoundError),
            (404, "<html>", exceptions.MailjetForeignAnswerError),
            (302, "", exceptions.MailjetForeignAnswerError),
            (200, LOGIN, exceptions.MailjetForeignAnswerError),
            (401, SUSPENDED, exceptions.MailjetSuspendedError),
            (413, "<html>", exceptions.MailjetTooLargeError),
            (405, "", exceptions.MailjetRefusedError),
            (400, {"ErrorMessage": "Why"}, exceptions.MailjetRefusedError),
        ):
            with self._failure(expected, status=status, body=body):
                self.mailjet.reply("POST contactslist", status, body)
                self.client.create_list("x")

    @contextmanager
    def _failure(self, expected, **case):
        """Check that this very exception is raised."""
        with self.subTest(**case):
            with self.assertRaises(exceptions.MailjetError) as caught:
                yield
            self.assertIs(type(caught.exception), expected)

    def test_an_answer_of_somebody_else_is_no_answer(self):
        calls = {
            "GET contactslist": lambda: self.client.find_list("x"),
            "GET listrecipient": lambda: self.client.count_members(1),
            UPLOAD: lambda: self.client.upload_csv(1, b""),
            IMPORT_ERRORS: lambda: self.client.get_import_errors(1),
        }
        for name, call in calls.items():
            for body in ({"status": "ok"}, [], "<html><h1>Maintenance</h1>"):
                with (
                    self.subTest(name=name, body=body),
                    self.assertRaises(exceptions.MailjetNoAnswerError),
                ):
                    self.mailjet.reply(name, 200, body)
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
                self.mailjet.reply("POST contactslist", 400, body)
                self.client.create_list("x")
            self.assertEqual(str(caught.exception), words)

    def test_a_login_page_is_an_answer_to_no_call(self):
        """Whatever is asked, and though nothing of the answer is needed."""
        calls = {
            "GET apikey": self.client.get_api_keys,
            "DELETE contactslist/*": lambda: self.client.delete_list(1),
            "POST contactslist/*/managemanycontacts": (
                lambda: self.client.unsubscribe_members(1, ["a@b.example"])
            ),
            "PUT csvimport/*": lambda: self.client.abort_import(1),
            IMPORT_ERRORS: lambda: self.client.get_import_errors(1),
            SEND: lambda: self.client.send_draft(1),
            SCHEDULE: lambda: self.client.schedule_draft(1, datetime.now()),
            UNSCHEDULE: lambda: self.client.unschedule_draft(1),
            "GET campaign/*": lambda: self.client.find_campaign(1),
            "POST campaigndraft/*/detailcontent": lambda: self.client.set_content(
                1, "", ""
            ),
            "POST send": lambda: self.client.send_messages([]),
            "POST contact/managemanycontacts": lambda: self.client.exclude_contacts(
                [], True
            ),
            "DELETE eventcallbackurl/*": lambda: self.client.delete_webhook({"ID": 1}),
            "PUT eventcallbackurl/*": lambda: self.client.set_webhook(
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
                    self.mailjet.reply(name, status, body)
                    call()

    def test_json_of_somebody_else_is_no_answer_to_send(self):
        for name, call in {
            SEND: lambda: self.client.send_draft(1),
            SCHEDULE: lambda: self.client.schedule_draft(1, datetime.now()),
        }.items():
            self.mailjet.reply(name, 200, {"status": "ok"})
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
            _RETRY_STRATEGY = _Client._RETRY_STRATEGY.new(total=1)

        with self.assertRaisesRegex(RuntimeError, "https://"):
            Repeating(version="v3", auth=("public", "secret"))

    def test_the_library_says_nothing_in_the_log(self):
        """From several threads at once, and ever after."""
        library = logging.getLogger("mailjet_rest.client")
        self.mailjet.fail("GET apikey", "hang", count=8)
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
        self.mailjet.change(
            "WITH RECURSIVE number(n) AS (SELECT 1 UNION SELECT n + 1 FROM number"
            " WHERE n < 999) INSERT INTO sender (key_id, dns_id, email, created_at)"
            " SELECT key_id, dns_id, n || email, now() FROM sender, number"
            " WHERE email = 'news@example.com'"
        )
        senders = self.client.get_senders()
        self.assertEqual(len({sender["Email"] for sender in senders}), 1001)

    def test_secrets_stay_behind(self):
        self.assertNotIn("SecretKey", self.client.get_api_keys()[0])

    def test_counts_what_was_sent(self):
        self.mailjet.send_otherwise(12)
        self.assertEqual(self.client.count_sent(datetime(2020, 1, 1)), 12)

    def test_a_filter_that_mailjet_ignores_finds_no_foreign_import(self):
        row = {"ID": 5, "DataID": 6}
        self.mailjet.reply("GET batchjob", 200, {"Data": [row]})
        self.assertIsNone(self.client.find_import("7"))

    def test_a_filter_that_mailjet_ignores_finds_no_foreign_list(self):
        row = {"ID": 5, "Name": "other", "IsDeleted": False}
        self.mailjet.reply("GET contactslist", 200, {"Data": [row]})
        self.assertIsNone(self.client.find_list("mine"))

    def test_a_contact_is_deleted_once_it_is_found(self):
        self.assertIsNone(self.client.find_contact("ann@example.com"))
        self.mailjet.ask("POST", "contact", {"Email": "ann@example.com"})
        found = self.client.find_contact("Ann@example.com")
        for _time in range(2):
            self.client.delete_contact(found)
        self.assertIsNone(self.client.find_contact("ann@example.com"))
        self.mailjet.fail("DELETE contacts/*", "login")
        with self.assertRaises(exceptions.MailjetForeignAnswerError):
            self.client.delete_contact(found)

    def test_a_contact_that_was_not_asked_for_is_not_found(self):
        row = {"ID": 5, "Email": "bob@example.com"}
        self.mailjet.reply("GET contact/*", 200, {"Data": [row]})
        self.assertIsNone(self.client.find_contact("ann@example.com"))
