from odoo.tests import tagged, users

from .salesperson_common import SalespersonCase

OWN, VERSION = "News <news@example.com>", "Ann of News <news@example.com>"


@tagged("post_install", "-at_install")
class TestVersionSender(SalespersonCase):
    """Whom a version of a mailing comes from, before and after it is sent."""

    def _make_versions(self, **values):
        """Return a mailing of two versions, the second with a sender name of its own,
        and that version."""
        mailing = self._make_mailing(self.people, sender_name="News", **values)
        action = mailing.action_add_letter()
        version = mailing.env["mailjet.version"].browse(action["res_id"])
        version.sender_name = "Ann of News"
        return mailing, version

    def _show(self, mailing, person, version):
        row = self._row(mailing, person)
        version_id = None if version is None else version.id
        return mailing.get_preview(row.id, "", version_id)["sender"]

    @users("mailer")
    def test_the_preview_shows_the_sender_of_each_version(self):
        mailing, version = self._make_versions()
        self.assertEqual(self._show(mailing, self.ann, version), VERSION)
        self.assertEqual(self._show(mailing, self.ann, version.browse()), OWN)
        self.assertEqual(self._show(mailing, self.ann, None), OWN)

    @users("mailer")
    def test_it_is_the_same_for_nobody_in_particular(self):
        mailing, version = self._make_versions()
        nobody = self.env["res.partner"]
        for chosen, sender in ((version, VERSION), (version.browse(), OWN)):
            content = mailing._get_content_to(nobody, chosen)
            self.assertEqual(content._format_sender(), sender)

    @users("mailer")
    def test_a_salesperson_comes_first(self):
        mailing, version = self._make_versions(from_salesperson=True)
        self.assertEqual(
            self._show(mailing, self.ann, version), "Sam Sells <sam@example.org>"
        )
        self.assertEqual(self._show(mailing, self.cat, version), VERSION)

    @users("mailer")
    def test_each_test_email_has_the_sender_of_its_version(self):
        mailing, _version = self._make_versions()
        wizard = self.env["mailjet.mailing.test"].create(
            {
                "mailing_id": mailing.id,
                "email_to": "test@example.com",
                "recipient_id": self._row(mailing, self.ann).id,
            }
        )
        self.assertTrue(wizard.every_version)
        wizard.action_send()
        rows = self.mailjet.rows(
            "SELECT from_name FROM message JOIN content ON content.id = content_id"
        )
        names = sorted(row["from_name"] for row in rows)
        self.assertEqual(names, ["Ann of News", "News"])

    def test_once_sent_the_preview_shows_what_was_sent(self):
        mailing, version = self._make_versions()
        mailing.ab_share = 100
        self._send_all(mailing)
        self.assertEqual(self._show(mailing, self.ann, version), VERSION)
        self.assertEqual(self._show(mailing, self.ann, version.browse()), OWN)
