from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import MailjetCase


@tagged("post_install", "-at_install")
class TestTestPage(HttpCase, MailjetCase):
    """The pages behind the links of a test e-mail, as anybody sees them."""

    def setUp(self):
        super().setUp()
        self.mailing = self._make_mailing()
        self.test = self.env["mailjet.test.message"].create(
            {"mailing_id": self.mailing.id, "html": "<p>Hello</p><script>x()</script>"}
        )
        self.path = "/mailjet/test/" + self.test._get_url().rpartition("/")[2]

    def test_the_online_version_cannot_run_anything(self):
        answer = self.url_open(self.path)
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.text, "<p>Hello</p><script>x()</script>")
        policy = answer.headers["Content-Security-Policy"]
        self.assertIn("sandbox", policy)
        self.assertNotIn("allow-scripts", policy)
        self.assertNotIn("allow-same-origin", policy)

    def test_the_unsubscribe_link_unsubscribes_nobody(self):
        before = self.env["res.partner"].search_count(
            [("massmailing_unsubscribed", "=", True)]
        )
        answer = self.url_open(f"{self.path}/unsubscribe")
        self.assertIn("Nobody was unsubscribed", answer.text)
        after = self.env["res.partner"].search_count(
            [("massmailing_unsubscribed", "=", True)]
        )
        self.assertEqual(before, after)

    def test_addresses_cannot_be_guessed(self):
        token = self.path.rpartition("/")[2]
        for wrong in ("1", "x" * 80, token[:-4], f"{token[:-6]}AAAAAA", "%00", "é"):
            for path in (
                f"/mailjet/test/{wrong}",
                f"/mailjet/test/{wrong}/unsubscribe",
            ):
                with self.subTest(path):
                    answer = self.url_open(path)
                    self.assertEqual(answer.status_code, 404)
                    self.assertNotIn("Hello", answer.text)

    def test_old_tests_are_gone(self):
        self.test._write({"create_date": fields.Datetime.now() - timedelta(days=31)})
        self.test.invalidate_recordset()
        self.env["mailjet.test.message"]._gc_tests()
        self.assertFalse(self.test.exists())
        self.assertEqual(self.url_open(self.path).status_code, 404)
