from odoo.tests import tagged

from .values_common import ValuesCase


@tagged("post_install", "-at_install")
class TestLooksLikeAVariable(ValuesCase):
    """What looks like a variable and is none never leaves."""

    def test_it_is_a_red_check(self):
        for text in (
            "$contacts-firstname",
            "$contacts-nothing$",
            "$contact-firstname$",
            "$contacts.firstname$",
            "$Contacts-Firstname$",
            "$contacts_firstname$",
            "$ contacts-firstname $",
            "%24contacts-firstname%24",
            "$contacts-firstname|Madam",
            "$contacts-first<b>name</b>",
            '<i title="$contacts-firstname|A">b $5</i>',
        ):
            for field in ("body_code", "subject")[: 1 + ("<i" not in text)]:
                with self.subTest(text, field=field):
                    values = {"subject": "s", "body_code": "<p>x</p>"}
                    values[field] = text if field == "subject" else f"<p>{text}</p>"
                    mailing = self._make_mailing(**values)
                    with self.assertRefused("Unknown variables"):
                        mailing.action_send()

    def test_a_fallback_may_go_over_lines(self):
        mailing = self._make_mailing(
            self.ann, body_code="<p>Dear $contacts-function|Madam,\nSir$, welcome</p>"
        )
        self._send(mailing)
        _subject, html, text = self._deliver(mailing, "ann@example.com")
        self.assertIn("Dear Madam, Sir, welcome", html)
        self.assertIn("Dear Madam, Sir, welcome", text)
