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
                    shown = preview["person"]["id"]
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
    def test_a_recipient_is_looked_for_and_shown(self):
        mailing = self._make_mailing(self.people)
        unticked, chosen = (self._row(mailing, person) for person in self.people[:2])
        unticked.selected = False
        people = mailing.get_preview()["people"]
        self.assertEqual(people["model"], "mailjet.recipient")
        found = self.env[people["model"]].search(people["domain"])
        self.assertIn(chosen, found)
        self.assertNotIn(unticked, found)
        for row in found:
            with self.subTest(row=row):
                preview = mailing.get_preview(row.id, "")
                self.assertEqual(preview["person"], {"id": row.id, "email": row.email})
        self.assertNotEqual(
            mailing.get_preview(unticked.id, "")["person"]["id"], unticked.id
        )

    @users("mailer")
    def test_before_there_are_recipients_a_record_is_shown_as_it_will_be_loaded(self):
        lead = self._make_lead("dan@example.com", contact_name="Dan <Dare>")
        account = self.people.create(
            {"name": "A & B", "email": "co@example.com", "is_company": True}
        )
        self.people[0].parent_id = account
        for recipient_type, record in (
            ("contact", self.people[0]),
            ("account", account),
            ("lead", lead),
            ("target", self.people[0]),
        ):
            tokens = "$contacts-name|nobody$ $accounts-name|none$ $leads-contact|no$"
            mailing = self._make_mailing(
                recipient_type=recipient_type,
                subject=tokens,
                body_code=f"<p title='{tokens}'>{tokens}</p>",
            )
            with self.subTest(recipient_type):
                people = mailing.get_preview()["people"]
                self.assertEqual(people["model"], record._name)
                found = self.env[people["model"]].search(people["domain"])
                self.assertIn(record.id, found.ids)
                sample = mailing.get_preview(record.id, "")
                self.assertEqual(sample["person"]["id"], record.id)
                if recipient_type == "target":
                    continue
                chosen = self._make_filter("Chosen", record)
                mailing.action_load_filter(chosen.id)
                preview = mailing.get_preview()
                self.assertEqual(preview["people"]["model"], "mailjet.recipient")
                for part in ("subject", "html", "text"):
                    self.assertEqual(sample[part], preview[part])
                self.assertNotIn("$", sample["subject"])

    @users("mailer")
    def test_a_record_that_the_user_may_not_read_is_no_example(self):
        hidden = self.people.create(
            {"name": "Topsecret", "email": "hidden@example.com"}
        )
        self._limit_contacts([("id", "!=", hidden.id)])
        mailing = self._make_mailing(subject="$contacts-name$")
        for preview in (mailing.get_preview(), mailing.get_preview(hidden.id, "")):
            self.assertTrue(preview["person"])
            self.assertNotIn("Topsecret", str(preview))
        with self.assertRaises(AccessError):
            mailing._render_message(hidden.with_user(self.env.user))

    def test_without_anybody_variables_stay_visible(self):
        mailing = self._make_mailing().with_user(self.user)
        self._limit_contacts([("id", "=", self.user.partner_id.id)])
        self.user.partner_id.email = False
        preview = mailing.get_preview()
        self.assertFalse(preview["person"])
        self.assertIn("$contacts-firstname$", preview["subject"])

    def test_who_may_not_see_the_mailing_sees_no_preview(self):
        outsider = new_test_user(self.env, "outsider", "base.group_user")
        mailing = self._make_mailing(self.people).with_user(outsider)
        with self.assertRaises(AccessError):
            mailing.get_preview()
