from datetime import timedelta

from odoo.tests import tagged

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
        self.assertEqual(
            (
                first.mailjet_campaign_ids.property_slot,
                second.mailjet_campaign_ids.property_slot,
            ),
            (1, 2),
        )
        self._run_later(minutes=20)
        for mailing, name in ((first, "Ann"), (second, "Bob")):
            subject, html, text = self._deliver(mailing, self.ann.email)
            self.assertEqual(subject, f"Hello {name}")
            self.assertIn(f"Dear {name}", html)
            self.assertIn(f"Dear {name}", text)

    def test_a_slot_is_free_when_mailjet_has_sent_its_mailing(self):
        slots = []
        for minutes in (0, 60, 600):
            self.clock += timedelta(minutes=minutes)
            mailing = self._make_mailing(self.people)
            mailing.action_send()
            self._run_later(seconds=5)
            slots.append(mailing.mailjet_campaign_ids.property_slot)
            self.assertEqual(mailing.state, "done")
        self.assertEqual(slots, [1, 2, 1])

    def test_no_two_campaigns_of_an_account_have_a_slot(self):
        first, second = (
            self._make_campaign(self._make_mailing()) for _number in range(2)
        )
        self.assertTrue(first._try_slot(1))
        self.assertFalse(second._try_slot(1))
        self.assertTrue(second._try_slot(2))

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
        self.assertEqual(again.mailjet_campaign_ids.property_slot, 1)
        subject, html, text = self._deliver(again, "ann@example.com")
        self.assertEqual(subject, "You")
        self.assertIn("nobody", html)
        self.assertNotIn("Secret", subject + html + text)
        self.assertNotIn("", [cell.strip() for cell in self._cells()])
