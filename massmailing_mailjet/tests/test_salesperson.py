from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged, users

from ..models.delivery import mailjet_mailing_partition
from .salesperson_common import SalespersonCase

SAM = ("Sam Sells", "sam@example.org", "sam@example.org")
TOM = ("News", "news@example.com", "tom@example.net")
OWN = ("News", "news@example.com", "desk@example.com")


@tagged("post_install", "-at_install")
class TestSalesperson(SalespersonCase):
    """A mailing that each recipient gets from the salesperson of its record."""

    # === WHO GETS IT FROM WHOM === #

    def test_each_recipient_gets_it_from_its_salesperson(self):
        mailing = self._make_personal()
        campaigns = self._send_all(mailing)
        self.assertEqual(mailing.state, "done")
        self.assertEqual(
            self._get_mailboxes(),
            {"ann@example.com": SAM, "bob@example.com": TOM, "cat@example.com": OWN},
        )
        self.assertEqual(campaigns.mapped("name"), ["Sam Sells", "Tom Trades", "News"])
        self.assertEqual(campaigns.mapped("planned_count"), [1, 1, 1])
        self.assertEqual(
            [campaign.own_values for campaign in campaigns],
            [
                {
                    "sender_name": "Sam Sells",
                    "sender_email": "sam@example.org",
                    "reply_to": "sam@example.org",
                },
                {"reply_to": "tom@example.net"},
                False,
            ],
        )

    def test_without_the_switch_it_is_one_campaign(self):
        mailing = self._make_mailing(self.people, reply_to="desk@example.com")
        campaigns = self._send_all(mailing)
        self.assertEqual(len(campaigns), 1)
        self.assertFalse(campaigns.is_part)
        self.assertEqual(set(self._get_mailboxes().values()), {OWN})

    def test_without_any_salesperson_it_is_one_campaign(self):
        campaigns = self._send_all(self._make_personal(self.cat))
        self.assertFalse(campaigns.is_part)
        self.assertEqual(self._get_mailboxes(), {"cat@example.com": OWN})

    def test_a_contact_without_one_has_that_of_its_company(self):
        company = self.env["res.partner"].create(
            {"name": "Co", "is_company": True, "email": "co@example.com"}
        )
        self.people.write({"parent_id": company.id, "user_id": False})
        company.user_id = self.sam
        self.people.user_id = False
        self.bob.user_id = self.tom
        self.assertEqual(
            self._count(self._make_personal()), {"Sam Sells": 2, "Tom Trades": 1}
        )
        accounts = self._make_personal(company, recipient_type="account")
        self.assertEqual(self._count(accounts), {"Sam Sells": 1})

    def test_a_lead_has_its_own(self):
        leads = self._make_lead("a@example.com", user_id=self.sam.id)
        leads |= self._make_lead("b@example.com", user_id=self.tom.id)
        # Its contact's salesperson does not look after the lead.
        leads |= self._make_lead("c@example.com", user_id=False, partner_id=self.ann.id)
        mailing = self._make_personal(leads, recipient_type="lead")
        self.assertEqual(
            self._count(mailing), {"Sam Sells": 1, "Tom Trades": 1, None: 1}
        )

    def test_someone_who_has_left_is_none(self):
        self.sam.active = False
        self.tom.write({"group_ids": [(6, 0, [self.env.ref("base.group_portal").id])]})
        self.assertEqual(self._count(self._make_personal()), {None: 3})

    def test_a_salesperson_without_an_address_sends_nothing(self):
        self.sam.email = "nowhere"
        self.tom.email = False
        mailing = self._make_personal()
        self.assertEqual(mailing._get_divisions(), [])
        self.assertEqual(mailing._get_senders().without, 3)

    def test_excluded_rows_count_for_nobody(self):
        self.ann.massmailing_unsubscribed = True
        self.assertEqual(self._count(self._make_personal()), {"Tom Trades": 1, None: 1})

    def test_nobody_is_mailed_twice(self):
        others = self.env["res.partner"].create(
            [
                {"name": f"P{n}", "email": f"p{n}@example.com", "user_id": user.id}
                for n, user in enumerate((self.sam, self.tom, self.sam))
            ]
        )
        self._send_all(self._make_personal(self.people | others))
        sent = [email for emails in self.mailjet.sent for email in emails]
        self.assertEqual(len(sent), 6)
        self.assertEqual(len(set(sent)), 6)
        self.assertEqual(sorted(map(len, self.mailjet.sent)), [1, 2, 3])

    def test_too_many_salespersons_are_refused_before_anything_is_sent(self):
        mailing = self._make_personal()
        with (
            patch.object(mailjet_mailing_partition, "MAX_CAMPAIGNS", 2),
            self.assertRefused("would be sent as 3 campaigns"),
        ):
            mailing.action_send()
        self.assertFalse(mailing.mailjet_campaign_ids)

    # === WHO SEES WHICH SENDER === #

    @users("mailer")
    def test_the_preview_shows_the_sender_of_each_recipient(self):
        mailing = self._make_personal()
        for person, sender in (
            (self.ann, "Sam Sells <sam@example.org>"),
            (self.bob, "News <news@example.com>"),
            (self.cat, "News <news@example.com>"),
        ):
            with self.subTest(person.name):
                row = self._row(mailing, person)
                self.assertEqual(mailing.get_preview(row.id, "")["sender"], sender)

    @users("mailer")
    def test_before_there_are_recipients_the_preview_shows_a_record_s_sender(self):
        mailing = self._make_personal(self.env["res.partner"])
        shown = [mailing.get_preview(person.id, "")["sender"] for person in self.people]
        self.assertEqual(shown[0], "Sam Sells <sam@example.org>")
        self.assertEqual(set(shown[1:]), {"News <news@example.com>"})

    def test_for_one_person_only_its_own_salesperson_is_looked_up(self):
        mailing = self._make_personal()
        for person, names in (
            (self.ann, ["Sam Sells", "News"]),
            (self._row(mailing, self.bob), ["Tom Trades", "News"]),
        ):
            (parts,) = mailing._get_divisions(person)
            self.assertEqual([part.name for part in parts], names)
        self.assertEqual(mailing._get_divisions(self.cat), [])

    def test_the_preview_of_a_sent_mailing_shows_who_sent_it(self):
        mailing = self._make_personal()
        self._send_all(mailing)
        self.ann.user_id = self.tom
        row = self._row(mailing, self.ann)
        self.assertEqual(
            mailing.get_preview(row.id, "")["sender"], "Sam Sells <sam@example.org>"
        )

    @users("mailer")
    def test_a_test_email_has_the_sender_of_whose_values_it_shows(self):
        mailing = self._make_personal()
        for person, sender in (
            (self.ann, SAM),
            (self.bob, TOM),
            (self.cat, OWN),
        ):
            row = self._row(mailing, person)
            wizard = self.env["mailjet.mailing.test"].create(
                {
                    "mailing_id": mailing.id,
                    "email_to": f"test-{person.id}@example.com",
                    "recipient_id": row.id,
                }
            )
            wizard.action_send()
            mailboxes = self._get_mailboxes()
            self.assertEqual(mailboxes[f"test-{person.id}@example.com"], sender)

    # === THE SUMMARY === #

    @users("mailer")
    def test_the_summary_says_who_sends_how_many_and_why(self):
        mailing = self._make_personal()
        senders = mailing.get_senders()
        self.assertEqual(
            [tuple(row.values()) for row in senders["rows"]],
            [
                ("Sam Sells", "Sam Sells <sam@example.org>", "sam@example.org", 1),
                ("Tom Trades", "News <news@example.com>", "tom@example.net", 1),
                (
                    "No salesperson with an address",
                    "News <news@example.com>",
                    "desk@example.com",
                    1,
                ),
            ],
        )
        refused, without = senders["notes"]
        self.assertIn("1 email comes from the mailing's own sender", refused)
        self.assertIn("1 recipient has no salesperson", without)
        self.assertFalse(senders["action"])

    def test_too_many_salespersons_are_reported_before_sending(self):
        self.tom.email = "tom@example.org"
        mailing = self._make_personal()
        self.assertEqual(len(mailing.get_senders()["notes"]), 1)
        with patch.object(mailjet_mailing_partition, "MAX_CAMPAIGNS", 2):
            excess = mailing.get_senders()["notes"][0]
            self.assertIn("3 campaigns, and at most 2 are possible", excess)
            self.assertIn("switch off “Send from the salesperson”", excess)
            self.assertNotIn("Nothing was sent", excess)
            self.assertEqual(mailing.get_campaign_table()["problem"], excess)
            with self.assertRefused("Nothing was sent"):
                mailing.action_send()
        self._send_all(mailing)
        self.assertEqual(len(mailing.get_senders()["notes"]), 1)

    @users("mail_manager")
    def test_a_manager_gets_to_the_senders_of_the_account(self):
        mailing = self._make_personal().with_user(self.env.user)
        action = mailing.get_senders()["action"]
        self.assertEqual(action["res_model"], "mailjet.account")
        self.assertEqual(action["res_id"], self.account.id)
        self.tom.email = "tom@example.org"
        self.assertFalse(mailing.get_senders()["action"])

    def test_the_summary_of_a_sent_mailing_is_what_was_sent(self):
        mailing = self._make_personal()
        before = mailing.get_senders()
        self._send_all(mailing)
        self.people.user_id = self.sam
        after = mailing.get_senders()
        self.assertEqual(
            [(row["sender"], row["reply_to"], row["count"]) for row in after["rows"]],
            [(row["sender"], row["reply_to"], row["count"]) for row in before["rows"]],
        )
        self.assertEqual(after["notes"], before["notes"])
        self.assertEqual(
            mailing.get_statistics()["sender"],
            "1 salesperson, otherwise News <news@example.com>",
        )

    def test_only_those_who_may_see_the_mailing_see_its_senders(self):
        mailing = self._make_personal()
        with self.assertRaises(AccessError):
            mailing.with_user(self.sam).get_senders()

    @users("mailer")
    def test_the_dialog_that_sends_counts_the_salespersons(self):
        for address, cat_user, words in (
            ("tom@example.net", False, "1 salesperson, otherwise News <news@"),
            ("tom@example.org", False, "2 salespersons, otherwise News <news@"),
            ("tom@example.org", self.sam, "2 salespersons"),
        ):
            self.tom.email = address
            self.cat.sudo().user_id = cat_user
            wizard = self.env["mailjet.mailing.send"].create(
                {"mailing_id": self._make_personal().id}
            )
            with self.subTest(words):
                self.assertTrue(wizard.sender.startswith(words), wizard.sender)
        self.assertEqual(wizard.sender, "2 salespersons")
        self.people.sudo().user_id = False
        wizard = wizard.create({"mailing_id": self._make_personal().id})
        self.assertEqual(wizard.sender, "News <news@example.com>")

    # === CHANGES === #

    @users("mailer")
    def test_a_mailing_on_its_way_keeps_its_senders(self):
        mailing = self._make_personal()
        mailing.action_send()
        with self.assertRefused("cannot be changed"):
            mailing.from_salesperson = False
        self.assertTrue(mailing.copy().from_salesperson)

    # === HELPERS === #

    def _get_mailboxes(self):
        """Return the sender's name and address and the reply address of the emails
        that were delivered, by the address they went to."""
        rows = self.mailjet.rows(
            "SELECT email, from_name, from_email, reply_to FROM message"
            " JOIN content ON content.id = content_id"
        )
        return {
            row["email"]: (row["from_name"], row["from_email"], row["reply_to"])
            for row in rows
        }

    def _count(self, mailing):
        """Return the number of rows by the name of their salesperson, or None."""
        counts = mailing._count_by_salesperson()
        return {user.name or None: count for user, count in counts.items()}
