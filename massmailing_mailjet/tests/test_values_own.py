from datetime import timedelta

from odoo.tests import tagged

from .common import find_properties
from .values_common import ValuesCase


@tagged("post_install", "-at_install")
class TestOwnValues(ValuesCase):
    """No recipient reads a value that is not its own."""

    def test_two_mailings_on_their_way(self):
        self.bob.email = self.ann.email
        first = self._make_mailing(self.ann)
        first.action_schedule(self.clock + timedelta(hours=1))
        self._run_later(minutes=45)
        self.assertTrue(first.mailjet_campaign_ids._is_held())
        second = self._make_mailing(self.bob)
        self._send(second)
        self.assertEqual(second.state, "done")
        self.assertEqual((self._get_slots(first), self._get_slots(second)), ([1], [2]))
        self._run_later(minutes=20)
        for mailing, name in ((first, "Ann"), (second, "Bob")):
            subject, html, text = self._deliver(mailing, self.ann.email)
            self.assertEqual(subject, f"Hello {name}")
            self.assertIn(f"Dear {name}", html)
            self.assertIn(f"Dear {name}", text)

    def test_campaigns_of_a_mailing_share_the_names_of_their_properties(self):
        """Each address is in one of them, though they mean other things by a name."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.people.city = False
        self.bob.lang = "fr_FR"
        mailing = self._make_mailing(self.people, subject="$contacts-city|town$")
        action = mailing.action_add_version("fr_FR")
        version = mailing.env["mailjet.version"].browse(action["res_id"])
        version.subject = "$contacts-city|ville$"
        mailing.action_schedule(self.clock + timedelta(hours=1))
        for minutes in (45, 1, 1):
            self._run_later(minutes=minutes)
        campaigns = mailing.sudo().mailjet_campaign_ids
        self.assertTrue(all(campaign._is_held() for campaign in campaigns))
        self.assertEqual(self._get_slots(mailing), [1])
        french, own = campaigns.sorted("sequence")
        names = find_properties(own.frozen_subject)
        self.assertEqual(names, find_properties(french.frozen_subject))
        self._run_later(minutes=20)
        for campaign, person, subject in (
            (french, self.bob, "ville"),
            (own, self.ann, "town"),
        ):
            draft = campaign.mailjet_draft_id
            mail = self.mailjet.get_delivered(draft, person.email_normalized)
            self.assertEqual(mail["subject"], subject)

    def test_a_slot_is_free_when_mailjet_has_sent_its_mailing(self):
        slots = []
        for minutes in (0, 60, 600):
            self.clock += timedelta(minutes=minutes)
            mailing = self._make_mailing(self.people)
            mailing.action_send()
            self._run_later(seconds=5)
            slots += self._get_slots(mailing)
            self.assertEqual(mailing.state, "done")
        self.assertEqual(slots, [1, 2, 1])

    def test_no_two_mailings_of_an_account_have_a_slot(self):
        slots = self.env["mailjet.property.slot"]
        first, second = (self._make_mailing() for _number in range(2))
        self.assertTrue(slots._try(first, self.account, 1))
        self.assertFalse(slots._try(second, self.account, 1))
        self.assertTrue(slots._try(second, self.account, 2))
        other = self.account.copy({"name": "Other", "api_key": "other"})
        self.assertTrue(slots._try(second, other, 1))

    def test_an_empty_value_is_not_an_earlier_one(self):
        lead = self._make_lead("ann@example.com", partner_name="Secret Ltd")
        texts = {
            "subject": "$accounts-name|You$",
            "body_code": '<p title="$accounts-name$">$accounts-name|nobody$</p>'
            '<a href="https://example.com/?n=$accounts-name$">x</a>',
        }
        self._send(self._make_mailing(lead, recipient_type="lead", **texts))
        self.clock += timedelta(days=1)
        lead.partner_name = False
        again = self._make_mailing(lead, recipient_type="lead", **texts)
        again.action_send()
        self._run_later(seconds=5)
        self.assertEqual(self._get_slots(again), [1])
        subject, html, text = self._deliver(again, "ann@example.com")
        self.assertEqual(subject, "You")
        self.assertIn("nobody", html)
        self.assertNotIn("Secret", subject + html + text)
        self.assertNotIn("", [cell.strip() for cell in self._cells()])
