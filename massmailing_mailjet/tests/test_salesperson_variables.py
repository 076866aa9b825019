from odoo.tests import tagged, users

from .salesperson_common import SalespersonCase

SIGNATURE = "$user-name|The team$, $user-function|-$, $user-phone|-$, $user-email|-$"


@tagged("post_install", "-at_install")
class TestSalespersonVariables(SalespersonCase):
    """The variables of a signature: those of the salesperson of the record."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sam.partner_id.write({"phone": "+47 22 00 11 22", "function": "Advisor"})

    @users("mailer")
    def test_the_preview_shows_the_salesperson_s_values(self):
        for is_on in (False, True):
            mailing = self._make_mailing(
                self.people, subject=SIGNATURE, from_salesperson=is_on
            )
            shown = [
                mailing.get_preview(self._row(mailing, person).id, "")["subject"]
                for person in self.people
            ]
            with self.subTest(from_salesperson=is_on):
                self.assertEqual(
                    shown,
                    [
                        "Sam Sells, Advisor, +47 22 00 11 22, sam@example.org",
                        "Tom Trades, -, -, tom@example.net",
                        "The team, -, -, -",
                    ],
                )

    def test_each_recipient_reads_the_signature_of_its_salesperson(self):
        mailing = self._make_personal(
            subject="Hello $contacts-firstname$",
            body_code="<p>Regards, $user-firstname|your team$</p>",
        )
        self._send_all(mailing)
        drafts = mailing.sudo().mailjet_campaign_ids.sorted("sequence")
        read = [
            self.mailjet.get_delivered(campaign.mailjet_draft_id, email)["html"]
            for campaign, email in zip(
                drafts,
                ("ann@example.com", "bob@example.com", "cat@example.com"),
                strict=True,
            )
        ]
        for html, name in zip(read, ("Sam", "Tom", "your team"), strict=True):
            self.assertIn(f"Regards, {name}", html)

    def test_one_campaign_carries_the_values_of_several_salespersons(self):
        mailing = self._make_mailing(self.people, body_code="<p>$user-name|We$</p>")
        self._send_all(mailing)
        draft = mailing.sudo().mailjet_campaign_ids.mailjet_draft_id
        for email, name in (
            ("ann@example.com", "Sam Sells"),
            ("bob@example.com", "Tom Trades"),
            ("cat@example.com", "We"),
        ):
            html = self.mailjet.get_delivered(draft, email)["html"]
            self.assertIn(f"<p>{name}</p>", html)

    @users("mailer")
    def test_a_lead_shows_the_values_of_its_own_salesperson(self):
        lead = self._make_lead(
            "lead@example.com", user_id=self.sam.id, partner_id=self.bob.id
        )
        mailing = self._make_mailing(lead, recipient_type="lead", subject="$user-name$")
        self.assertEqual(mailing.get_preview()["subject"], "Sam Sells")

    @users("mailer")
    def test_the_picker_offers_them_last(self):
        variables = self.env["mailjet.variable"]
        for recipient_type in ("contact", "account", "lead", "target"):
            groups = [
                group
                for group in variables.get_picker_groups(recipient_type)
                if not group["is_empty"]
            ]
            with self.subTest(recipient_type):
                self.assertEqual(groups[-1]["label"], "Salesperson")
                tokens = [found["token"] for found in groups[-1]["variables"]]
                self.assertEqual(
                    tokens,
                    [
                        "$user-name$",
                        "$user-firstname$",
                        "$user-email$",
                        "$user-phone$",
                        "$user-function$",
                    ],
                )

    @users("mailer")
    def test_a_salesperson_that_the_user_may_not_read_stays_hidden(self):
        mailing = self._make_mailing(self.ann, subject="$user-name|Nobody$")
        self._limit_contacts([("id", "!=", self.sam.partner_id.id)])
        self.assertEqual(mailing.get_preview()["subject"], "Nobody")

    @users("mailer")
    def test_recipients_without_a_value_are_counted_and_shown(self):
        mailing = self._make_mailing(
            self.people, body_code="<p>$user-name$ $user-phone$</p>"
        )
        findings = {
            finding["name"]: finding["sentence"]
            for finding in mailing.get_checks()["findings"]
        }
        self.assertIn("1 recipient has no value", findings["value_empty:$user-name$"])
        self.assertIn("2 recipients have no", findings["value_empty:$user-phone$"])
        action = mailing.action_open_finding("value_empty:$user-name$")
        found = self.env["mailjet.recipient"].search(action["domain"])
        self.assertEqual(found, self._row(mailing, self.cat))
