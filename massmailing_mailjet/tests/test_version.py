from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged, users

from ..tools.languages import choose_language
from .version_common import FRENCH, FRENCH_NAME, VersionCase


@tagged("post_install", "-at_install")
class TestVersion(VersionCase):
    """Mailings in several languages."""

    # === WHO GETS WHICH === #

    def test_a_language_is_chosen(self):
        for code, offered, expected in (
            ("fr_FR", ["en_US", "fr_FR"], "fr_FR"),
            ("fr_BE", ["en_US", "fr_FR", "fr_BE"], "fr_BE"),
            ("fr_CA", ["en_US", "fr_FR", "fr_BE"], "fr_FR"),
            ("en_GB", ["en_US", "fr_FR"], "en_US"),
            ("sr@latin", ["en_US", "sr_RS"], "sr_RS"),
            ("de_DE", ["en_US", "fr_FR"], None),
            ("", ["en_US"], None),
            (None, ["en_US"], None),
            ("fr", ["fro_FR"], None),
        ):
            with self.subTest(code=code, offered=offered):
                self.assertEqual(choose_language(code, offered), expected)

    def test_everyone_gets_the_email_in_their_language(self):
        mailing = self._make_mailing(self.people)
        self._make_version(mailing)
        french, own = self._send(mailing)
        self.assertEqual(french.name, FRENCH_NAME)
        self.assertEqual(own.name, "English (US)")
        self.assertEqual((french.planned_count, own.planned_count), (1, 2))
        mail = self.mailjet.get_delivered(french.mailjet_draft_id, "bob@example.com")
        self.assertEqual(mail["subject"], "Bonjour Bob")
        self.assertIn("Cher lecteur", mail["html"])
        mail = self.mailjet.get_delivered(own.mailjet_draft_id, "cat@example.com")
        self.assertEqual(mail["subject"], "Hello Cat")
        self.assertEqual(mailing.state, "done")

    def test_each_row_names_its_version(self):
        mailing = self._make_mailing(self.people)
        self.assertEqual(self._row(mailing, self.bob).verdict_text, "To send")
        self._make_version(mailing)
        self.ann.massmailing_unsubscribed = True
        self.env.invalidate_all()
        texts = [self._row(mailing, each).verdict_text for each in self.people]
        self.assertRegex(texts[0], "^Unsubscribed from mass mailing on")
        self.assertEqual(
            texts[1:], [f"To send: {FRENCH_NAME}", "To send: English (US)"]
        )
        self._send(mailing)
        self.env.invalidate_all()
        texts = [self._row(mailing, each).verdict_text for each in self.people]
        self.assertEqual(texts[1:], [f"Sent: {FRENCH_NAME}", "Sent: English (US)"])

    def test_another_country_of_the_language(self):
        """Belgians get the French version, but one of their own first."""
        self.bob.lang = "fr_BE"
        mailing = self._make_mailing(self.people)
        version = self._make_version(mailing)
        self.assertIn("fr_BE", mailing._get_languages_by_version()[version])
        belgian = self._make_version(mailing, "fr_BE", subject="Bonjour, une fois")
        languages = mailing._get_languages_by_version()
        self.assertNotIn("fr_BE", languages[version])
        self.assertEqual(languages[belgian], ["fr_BE"])
        subject, *_rest = mailing._render_message(self._row(mailing, self.bob))
        self.assertEqual(subject, "Bonjour, une fois")

    def test_leads_have_a_language(self):
        lead = self._make_lead("lead@example.com", partner_id=False)
        lead.lang_id = self.env["res.lang"].search([("code", "=", "fr_FR")])
        mailing = self._make_mailing(
            lead, recipient_type="lead", subject="Hello", body_code="<p>Hello</p>"
        )
        self._make_version(mailing, subject="Bonjour")
        subject, *_rest = mailing._render_message(self._row(mailing, lead))
        self.assertEqual(subject, "Bonjour")

    def test_language_of_the_email(self):
        """The texts of the links, the unsubscribe page, Mailjet's locale and the
        language that screen readers use."""
        arch = "<div class='o_layout'><p>Bonjour</p></div>"
        mailing = self._make_mailing(self.people)
        version = self._make_version(
            mailing, composition="blank", body_arch=arch, body_html=arch
        )
        french, own = self._send(mailing)
        self.assertEqual(french.frozen_locale, "fr_FR")
        self.assertEqual(own.frozen_locale, "en_US")
        self.assertIn('lang="fr"', french.frozen_html)
        self.assertIn("[[UNSUB_LINK_FR]]", french.frozen_html)
        self.assertIn(version.unsubscribe_text, french.frozen_html)
        self.assertIn("[[UNSUB_LINK_EN]]", own.frozen_html)

    def test_values_are_in_the_language(self):
        country = self.env.ref("base.de")
        country.with_context(lang="fr_FR").name = "Allemagne"
        self.bob.country_id = country
        mailing = self._make_mailing(self.people, subject="$contacts-country$")
        self._make_version(mailing, subject="$contacts-country$")
        subject, *_rest = mailing._render_message(self._row(mailing, self.bob))
        self.assertEqual(subject, "Allemagne")

    def test_a_mailing_without_versions_is_one_campaign(self):
        campaign = self._send(self._make_mailing(self.people))
        self.assertEqual((len(campaign), campaign.is_part), (1, False))

    # === MAKING THEM === #

    @users("mailer")
    def test_a_version_begins_as_a_copy(self):
        mailing = self._make_mailing(preview="News", body_text="Plain")
        action = mailing.with_env(self.env).action_add_version("fr_FR")
        version = self.env["mailjet.version"].browse(action["res_id"])
        self.assertEqual(
            version.read(["subject", "preview", "body_code", "body_text", "lang"])[0],
            {
                "id": version.id,
                "subject": "Hello $contacts-firstname$",
                "preview": "News",
                "body_code": "<p>Dear $contacts-firstname|reader$</p>",
                "body_text": "Plain",
                "lang": "fr_FR",
            },
        )
        self.assertEqual(version.original_subject, mailing.subject)
        self.assertIn("$contacts-firstname|reader$", version.original_html)

    def test_languages_of_the_form(self):
        mailing = self._make_mailing()
        version = self._make_version(mailing)
        found = mailing.get_versions()["languages"]
        self.assertEqual(found["own"], "English (US)")
        subject = version.subject_display
        self.assertEqual(
            found["versions"],
            [{"id": version.id, "name": FRENCH_NAME, "subject": subject}],
        )
        codes = {language["code"] for language in found["missing"]}
        self.assertLessEqual({"fr_BE", "de_DE"}, codes)
        self.assertFalse({"fr_FR", "en_US"} & codes)

    def test_a_language_has_one_email(self):
        mailing = self._make_mailing()
        self._make_version(mailing)
        for lang, message in (
            ("fr_FR", "already"),
            ("en_US", "has a version in"),
            ("xx_XX", "installed languages"),
        ):
            with self.subTest(lang), self._undone(), self.assertRefused(message):
                mailing.action_add_version(lang)
        with self._undone(), self.assertRaises(ValidationError):
            mailing.lang = "fr_FR"

    def test_a_copy_has_copies_of_the_versions(self):
        mailing = self._make_mailing()
        version = self._make_version(mailing)
        copied = mailing.copy().version_ids
        self.assertNotEqual(copied, version)
        self.assertEqual(copied.subject, FRENCH["subject"])

    def test_a_version_is_deleted(self):
        mailing = self._make_mailing(self.people)
        action = self._make_version(mailing).action_remove()
        self.assertEqual(action["res_id"], mailing.id)
        self.assertFalse(mailing.version_ids)
        self.assertEqual(len(self._send(mailing)), 1)

    def test_a_sent_version_stays(self):
        mailing = self._make_mailing(self.people)
        version = self._make_version(mailing)
        mailing.action_send()
        for act in (
            lambda: version.write({"subject": "Later"}),
            version.unlink,
            lambda: mailing.action_add_version("de_DE"),
        ):
            with self.assertRefused("cannot be changed"):
                act()

    def test_only_those_who_may_change_the_mailing(self):
        mailing = self._make_mailing()
        version = self._make_version(mailing)
        stranger = self._make_stranger()
        theirs = version.with_user(stranger)
        for act in (
            lambda: theirs.write({"subject": "Mine"}),
            lambda: theirs.read(["subject"]),
            theirs.unlink,
            theirs.action_remove,
            lambda: theirs.copy({"lang": "de_DE"}),
            lambda: mailing.with_user(stranger).action_add_version("de_DE"),
            lambda: mailing.with_user(stranger).get_versions(),
        ):
            with self._undone(), self.assertRaises(AccessError):
                act()
        other = self.env["mailjet.mailing"].with_user(stranger).create({"name": "Own"})
        with self._undone(), self.assertRaises(AccessError):
            version.mailing_id = other.id

    def test_embedded_images_are_hosted(self):
        image = (
            "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlE"
            "QVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
        )
        version = self._make_version(self._make_mailing())
        version.body_code = f"<img src='{image}' alt='dot'>"
        self.assertNotIn("base64,iVBO", version.body_code)
        self.assertIn("/web/image/", version.body_code)
