from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged, users

from .consent_record_common import ConsentRecordCase
from .topic_common import NOW


@tagged("post_install", "-at_install")
class TestConsentRecord(ConsentRecordCase):
    """What the consent record of an address says."""

    def test_where_the_address_comes_from(self):
        source = self.env["utm.source"].create({"name": "Trade fair"})
        self._make_lead("Ann@Example.com", source_id=source.id, user_id=False)
        self.ann.active = False
        entries = dict(self._get_part("Contacts, accounts"))
        self.assertEqual(entries.keys(), {"Ann Ash", "Ann@Example.com"})
        self.assertEqual(entries["Ann Ash"]["Kind"], "Contact")
        self.assertIn("Created on", entries["Ann Ash"])
        self.assertEqual(entries["Ann@Example.com"]["Kind"], "Lead")
        self.assertEqual(entries["Ann@Example.com"]["Source"], "Trade fair")

    def test_it_says_when_it_was_made(self):
        record = self.env["mailjet.consent.record"].with_user(self.manager)
        sentences = record._get_record("ann@example.com")["sentences"]
        self.assertEqual(sentences[0], "As of 03/09/2026 08:00:00 AM.")

    def test_how_it_came_into_mailings(self):
        ((title, facts),) = self._get_part("came into mailings")
        self.assertEqual(title, "Chosen")
        self.assertEqual(facts["Mailing"], self.mailing.display_name)
        self.assertEqual(facts["Loaded by"], self.user.name)
        self.assertEqual(facts["Filter"], "Chosen")

    def test_what_it_chose_with_the_proof_and_who_lifted_it(self):
        self._choose(topics=self.offers, **{"reason": "Too many"})
        self._pause(NOW + timedelta(days=9))
        self.clock.tick(60)
        opt_out = self._find_stored(("topic_id", "=", self.offers.id))
        opt_out.with_user(self.manager).action_lift()
        entries = dict(self._get_part("Choices"))
        left = entries["Unsubscribed from the topic “Offers”"]
        self.assertEqual(
            (left["IP address"], left["Browser or program"], left["Reason"]),
            ("198.51.100.7", "Firefox", "Too many"),
        )
        self.assertEqual(left["Lifted by"], self.manager.name)
        self.assertEqual(left["Lifted through"], "A user")
        self.assertEqual(left["Since"], "03/09/2026 08:00:00 AM")
        self.assertIn(
            "Paused until", entries["Receives no mass mailings until 03/18/2026"]
        )
        lifted = "Lifted: Unsubscribed from the topic “Offers”"
        self.assertIn(f"{lifted}, by {self.manager.name}", self._get_acts())

    def test_what_it_agreed_to(self):
        self.assertEqual(self._get_part("may be measured"), [])
        text = self.env["mailjet.measuring"]._get_text(self.env.company)
        self.env["mailjet.measuring"]._choose(
            self.env.company,
            ["ann@example.com"],
            {"open": "granted", "click": "refused"},
            "recipient",
            {"ip": "198.51.100.7", "text_id": text.id},
        )
        entries = dict(self._get_part("may be measured"))
        self.assertEqual(entries.keys(), {"Openings: Agreed", "Clicks: Refused"})
        proof = entries["Openings: Agreed"]
        self.assertEqual(proof["IP address"], "198.51.100.7")
        self.assertEqual(proof["Source"], "Chosen by the recipient")
        self.env["mailjet.signup"].create(
            {
                "account_id": self.account.id,
                "email": "ann@example.com",
                "confirmed_date": NOW,
                "confirmed_ip": "198.51.100.8",
                "mailjet_id": "1",
            }
        )
        ((_title, signup),) = self._get_part("Sign-ups")
        self.assertEqual(signup["IP address of the confirmation"], "198.51.100.8")

    def test_the_text_is_in_the_language_in_which_it_was_shown(self):
        french = self.env["res.lang"]._activate_lang("fr_FR")
        texts = self.env["mailjet.measuring.text"]
        for body, translation, shown in (
            ("May we?", "Pouvons-nous ?", "Pouvons-nous ?"),
            ("May we count?", None, "May we count?"),
        ):
            text = texts.create({"body": body})
            if translation:
                text.with_context(lang="fr_FR").body = translation
            self.env["mailjet.measuring"]._choose(
                self.env.company,
                ["ann@example.com"],
                {"open": "refused"},
                "recipient",
                {"text_id": text.id, "lang": "fr_FR"},
            )
            entries = self._get_part("may be measured")
            self.assertEqual(entries[0][1]["Text shown"], shown)
        partners = self.env["res.partner"].with_context(active_test=False)
        partners.search([("lang", "=", "fr_FR")]).lang = "en_US"
        french.active = False
        texts = [facts["Text shown"] for _title, facts in entries]
        self.assertEqual(texts, ["May we count?", "Pouvons-nous ?"])

    def test_every_mailing_with_its_verdict(self):
        self._tell(
            self._event("sent"),
            self._event("click", minutes=3),
            self._event("unsub", minutes=4),
        )
        waiting = self._make_mailing(self.people, name="Next one").sudo()
        entries = dict(self._get_part("Mailings"))
        sent = entries[self.mailing.display_name]
        planned = entries[waiting.display_name]
        self.assertEqual((sent["Verdict"], sent["Status"]), ("To send", "Unsubscribed"))
        self.assertIn("Delivered on", sent)
        self.assertIn("https://example.com/a", sent.values())
        self.assertEqual(planned["Verdict"], "Excluded")
        self.assertEqual(
            planned["Reason"], "Unsubscribed from mass mailing on 03/02/2026"
        )

    def test_a_part_of_a_mailing_has_a_date_of_its_own(self):
        part = self.campaign.copy({"is_part": True, "sent_date": "2026-03-04 08:00:00"})
        self._recipients().campaign_id = part
        ((_title, facts),) = self._get_part("Mailings")
        self.assertEqual(facts["Sent on"], "03/04/2026 08:00:00 AM")

    def test_an_excluded_target_is_among_the_loads(self):
        target = self.env["mailjet.target"].create(
            {"name": "Competitors", "contact_ids": self.ann.ids}
        )
        draft = self._make_mailing(self.people, self.manager)
        draft.action_exclude_target(target.id)
        loads = dict(self._get_part("came into mailings"))
        self.assertEqual(loads["Competitors"]["Effect"], "Excluded")
        self.assertIn(
            f"Excluded from “{draft.display_name}” by “Competitors”, "
            f"by {self.manager.name}",
            self._get_acts(),
        )
        others = dict(self._get_part("came into mailings", "bob@example.com"))
        self.assertNotIn("Competitors", others)

    @users("mail_manager")
    def test_the_subject_is_the_one_that_the_address_received(self):
        text = self._open(user=self.env.user)
        self.assertIn("Hello Ann", text)
        self.assertNotIn("Hello Bob", text)
        self.assertNotIn("$contacts-firstname", text)

    def test_acts_of_users(self):
        self.ann.with_user(self.user).massmailing_unsubscribed = True
        for act in (
            "Entered: Unsubscribed from mass mailing",
            f"Added to “{self.mailing.display_name}” by “Chosen”",
        ):
            self.assertIn(f"{act}, by {self.user.name}", self._get_acts())

    def test_an_address_without_any_record(self):
        self.ann.unlink()
        self.assertIn(self.mailing.display_name, dict(self._get_part("Mailings")))
        self.assertFalse(self._get_part("Contacts, accounts"))
        text = self._open("nobody@example.com")
        for sentence in (
            "No contact, account or lead has this address.",
            "The address has not unsubscribed from anything.",
            "No mailing has this address among its recipients.",
            "No user has done anything about this address.",
        ):
            self.assertIn(sentence, text)
        self.assertNotIn("was erased", text)

    def test_it_is_opened_from_what_has_an_address(self):
        self._leave(self.offers)
        for record in (self.ann, self._find_stored(), self._make_lead(self.ann.email)):
            with self.subTest(record):
                wizard = (
                    self.env["mailjet.consent.record.open"]
                    .with_user(self.manager)
                    .with_context(active_model=record._name, active_ids=record.ids)
                    .create({"lang": "en_US"})
                )
                self.assertEqual(wizard.email, "ann@example.com")
        several = self.env["mailjet.consent.record.open"].with_context(
            active_model="res.partner", active_ids=self.people.ids
        )
        with self.assertRefused("Select only one"):
            several.default_get(["email"])
        with self.assertRefused("“nothing” is not an email address"):
            self._ask("nothing").action_open()

    # === RIGHTS === #

    def test_only_managers_open_it(self):
        with self.assertRaises(AccessError):
            self._ask(user=self.user)
        theirs = self._ask().with_user(self.user)
        with self.assertRaisesRegex(AccessError, "Only Mass Mailing managers"):
            self._render(theirs)
        with self.assertRaisesRegex(AccessError, "Only Mass Mailing managers"):
            self.env["mailjet.consent.record"].with_user(self.user)._get_record("a@b.c")
        self.assertFalse(self._find_acts())

    def test_what_a_colleague_asked_for_is_not_shown(self):
        colleague = self.manager.copy({"login": "colleague"})
        with self.assertRaises(AccessError):
            self._render(self._ask().with_user(colleague))

    def test_companies_are_kept_apart(self):
        self._leave(self.offers)
        self._open()
        stranger = self._make_stranger()
        self.ann.company_id = self.env.company
        for part in ("Contacts", "came into", "Choices", "Mailings", "Acts"):
            with self.subTest(part):
                self.assertTrue(self._get_part(part))
                self.assertFalse(self._get_part(part, user=stranger))
        self._open(user=stranger)
        self.assertEqual(
            self._get_acts(user=stranger),
            [f"Consent record opened, by {stranger.name}"],
        )

    # === LOG === #

    def test_every_opening_is_logged(self):
        wizard = self._ask(" Ann@Example.com")
        self._render(wizard)
        self._render(wizard, "pdf")
        acts = self._find_acts().sorted("id")
        self.assertEqual(acts.mapped("kind"), ["opened", "printed"])
        self.assertEqual(set(acts.mapped("email")), {"ann@example.com"})
        self.assertEqual(acts.user_id, self.manager)
        self.assertEqual(acts.company_ids, self.manager.company_id)
        for kind in ("opened", "printed"):
            act = f"Consent record {kind}, by {self.manager.name}"
            self.assertIn(act, self._get_acts())

    def test_what_was_asked_too_long_ago_is_not_shown(self):
        wizard = self._ask()
        wizard.unlink()
        with self.assertRaisesRegex(UserError, "too long ago"):
            self._render(wizard)
        self.assertFalse(self._find_acts())
