from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged, users

from .common import MailjetCase


@tagged("post_install", "-at_install")
class TestPreview(MailjetCase):
    """The e-mail as each of its recipients sees it."""

    @users("mailer")
    def test_goes_round_through_the_rows_to_send(self):
        mailing = self._make_mailing(
            self.people, preview="News for $contacts-firstname$"
        )
        self._row(mailing, self.people[1]).selected = False
        planned = mailing.env["mailjet.recipient"].search(
            [("mailing_id", "=", mailing.id), ("verdict", "=", "send")], order="id"
        )
        self.assertGreater(len(planned), 1)
        for direction, expected in (
            ("next", [*planned, planned[0]]),
            ("previous", [*reversed(planned), planned[-1]]),
        ):
            shown = False
            for row in expected:
                with self.subTest(direction=direction, row=row):
                    preview = mailing.get_preview(shown, direction)
                    shown = preview["row"]["id"]
                    self.assertEqual(shown, row.id)
                    self.assertEqual(preview["count"], len(planned))
                    self.assertIn(row.name.split()[0], preview["subject"])
                    self.assertIn(row.name.split()[0], preview["html"])
                    self.assertIn(row.name.split()[0], preview["text"])
                    self.assertNotIn("[[", preview["html"] + preview["text"])
                    self.assertEqual(
                        preview["preview"], f"News for {row.name.split()[0]}"
                    )

    @users("mailer")
    def test_without_recipients_variables_stay_visible(self):
        preview = self._make_mailing().get_preview()
        self.assertFalse(preview["row"])
        self.assertIn("$contacts-firstname$", preview["subject"])

    def test_who_may_not_see_the_mailing_sees_no_preview(self):
        outsider = new_test_user(self.env, "outsider", "base.group_user")
        mailing = self._make_mailing(self.people).with_user(outsider)
        with self.assertRaises(AccessError):
            mailing.get_preview()
