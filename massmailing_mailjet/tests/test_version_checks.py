from odoo.tests import tagged

from .version_common import FRENCH_NAME, VersionCase


@tagged("post_install", "-at_install")
class TestVersionBeforeSending(VersionCase):
    """Previews, tests and checks of a mailing in several languages."""

    def test_the_preview_shows_the_version_of_a_person(self):
        mailing = self._make_mailing(self.people)
        version = self._make_version(mailing)
        ann, bob = (self._row(mailing, each).id for each in (self.ann, self.bob))
        shown = mailing.get_preview(bob, "")
        self.assertEqual(shown["subject"], "Bonjour Bob")
        self.assertEqual(
            shown["versions"],
            [
                {"id": False, "name": "English (US)"},
                {"id": version.id, "name": FRENCH_NAME},
            ],
        )
        for person, chosen, subject in (
            (ann, None, "Hello Ann"),
            (ann, version.id, "Bonjour Ann"),
            (bob, False, "Hello Bob"),
        ):
            shown = mailing.get_preview(person, "", chosen)
            self.assertEqual(shown["subject"], subject)

    def test_the_preview_of_what_was_sent(self):
        mailing = self._make_mailing(self.people)
        version = self._make_version(mailing)
        self._send(mailing)
        mailing.sudo().subject = "Changed"
        row = self._row(mailing, self.ann).id
        shown = [mailing.get_preview(row, "", chosen) for chosen in (None, version.id)]
        self.assertEqual(
            [each["subject"] for each in shown], ["Hello Ann", "Bonjour Ann"]
        )

    def test_a_test_sends_every_version(self):
        mailing = self._make_mailing(self.people)
        self._make_version(mailing)
        for every, subjects in (
            (True, ["[TEST] Hello Bob", "[TEST] Bonjour Bob"]),
            (False, ["[TEST] Bonjour Bob"]),
        ):
            mailing.sudo().tested_content = False
            wizard = (
                self.env["mailjet.mailing.test"]
                .with_user(self.user)
                .create(
                    {
                        "mailing_id": mailing.id,
                        "email_to": "me@example.com",
                        "recipient_id": self._row(mailing, self.bob).id,
                    }
                )
            )
            self.assertTrue(wizard.every_version)
            wizard.every_version = every
            self.mailjet.reset()
            wizard.action_send()
            self.assertEqual(
                [message["subject"] for message in self.mailjet.messages], subjects
            )
            self.assertEqual(bool(mailing.tested_content), every)

    # === CHECKS === #

    def _find(self, mailing):
        return {row["name"]: row for row in mailing.get_checks()["findings"]}

    def test_each_version_is_checked(self):
        mailing = self._make_mailing(self.people)
        version = self._make_version(mailing, subject="", preview="Aperçu")
        findings = self._find(mailing)
        self.assertEqual(
            findings[f"no_subject@{FRENCH_NAME}"]["sentence"],
            f"{FRENCH_NAME} – The subject is missing.",
        )
        self.assertIn("no_preview", findings)
        self.assertNotIn(f"no_preview@{FRENCH_NAME}", findings)
        with self.assertRefused(f"{FRENCH_NAME} – The subject is missing"):
            mailing.action_send()
        version.subject = "Bonjour $contacts-nothing$"
        with self.assertRefused("nothing"):
            mailing.action_send()
        version.subject = "Bonjour"
        mailing.action_send()

    def test_an_empty_version_is_not_sent(self):
        mailing = self._make_mailing(self.people)
        self._make_version(mailing, body_code="")
        with self.assertRefused("The email is empty"):
            mailing.action_send()

    def _open_rows(self, mailing, name):
        action = mailing.action_open_finding(name)
        return self.env["mailjet.recipient"].search(action["domain"]).partner_id

    def test_empty_values_are_counted_for_those_who_get_a_version(self):
        self.people.city = False
        mailing = self._make_mailing(self.people, body_code="<p>$contacts-city$</p>")
        mailing.step = "sending"
        token = "$contacts-city$"
        own, french = f"value_empty:{token}", f"value_empty:{token}@{FRENCH_NAME}"
        self.assertEqual(self._open_rows(mailing, own), self.people)
        self._make_version(mailing)
        findings = self._find(mailing)
        self.assertIn("2 recipients have no value", findings[own]["sentence"])
        self.assertNotIn(french, findings)
        self.assertEqual(self._open_rows(mailing, own), self.ann | self.cat)
        mailing.version_ids.body_code = "<p>$contacts-city$</p>"
        mailing.body_code = "<p>None</p>"
        findings = self._find(mailing)
        self.assertNotIn(own, findings)
        self.assertEqual(
            findings[french]["sentence"],
            f"{FRENCH_NAME} – 1 recipient has no value for {token}; it will be blank.",
        )
        self.assertEqual(self._open_rows(mailing, french), self.bob)

    def test_any_row_of_the_language_may_get_a_version_of_a_test(self):
        self.people.city = False
        mailing = self._make_mailing(self.people)
        mailing.step = "sending"
        self._make_version(mailing)
        action = mailing.action_add_letter()
        version = mailing.env["mailjet.version"].browse(action["res_id"])
        version.subject = "In $contacts-city$"
        name = "value_empty:$contacts-city$@Version B"
        self.assertIn("2 recipients", self._find(mailing)[name]["sentence"])
        self.assertEqual(self._open_rows(mailing, name), self.ann | self.cat)

    def test_links_of_each_version_are_opened(self):
        self.env.company.mailjet_check_links = True
        mailing = self._make_mailing(self.people)
        before = mailing.get_checks()
        self._make_version(mailing, body_code="<a href='https://www.odoo.com/a'>A</a>")
        after = mailing.get_checks()
        self.assertFalse(before["has_links"])
        self.assertEqual((after["has_links"], after["unchecked_links"]), (True, 1))

    def test_a_missing_version_is_said(self):
        mailing = self._make_mailing(self.people)
        mailing.step = "sending"
        self.assertNotIn("no_version", self._find(mailing))
        self._make_version(mailing)
        finding = self._find(mailing)["no_version"]
        self.assertEqual(finding["level"], "amber")
        self.assertEqual(
            finding["sentence"],
            "1 recipient speaks a language that this mailing has no version in "
            "(German / Deutsch), and gets it in English (US).",
        )
        self._make_version(mailing, "de_DE")
        self.assertNotIn("no_version", self._find(mailing))
