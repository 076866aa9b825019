from odoo.tests import new_test_user, tagged

from .common import MailjetCase


@tagged("post_install", "-at_install")
class TestRecipientSource(MailjetCase):
    """Whom filters, conditions and pasted addresses bring."""

    def test_a_condition_is_loaded(self):
        mailing = self._make_mailing()
        mailing.action_load_domain(f"[('id', 'in', {self.people.ids})]")
        self.assertEqual(mailing.recipient_count, 3)
        with self.assertRefused("cannot be used here"):
            mailing.action_load_domain("[('no_such_field', '=', 1)]")
        with self.assertRefused("of this kind"):
            mailing.action_load_domain("[]", "lead")
        target = self._make_mailing(recipient_type="target")
        with self.assertRefused("of this kind"):
            target.action_load_domain("[]")
        target.action_load_domain(f"[('id', 'in', {self.ann.ids})]", "contact")
        self.assertEqual(target.contact_count, 1)

    def test_addresses_are_matched_and_the_others_reported(self):
        lead = self._make_lead("lead@example.com")
        text = "Ann <ANN@example.com>; lead@example.com\nnobody@example.com, ann@x"
        mailing = self._make_mailing()
        mailing.action_load_addresses(text)
        self.assertEqual(self._rows(mailing), {"ann@example.com": "send"})
        self.assertEqual(
            mailing.load_ids.unmatched.split(),
            ["lead@example.com", "nobody@example.com", "ann@x"],
        )
        mixed = self._make_mailing(recipient_type="target")
        mixed.action_load_addresses(text)
        self.assertEqual((mixed.contact_count, mixed.lead_count), (1, 1))
        self.assertIn("nobody@example.com", mixed.load_ids.mapped("unmatched")[-1])
        lead.unlink()
        for words, pasted in (
            ("no email address", "hello"),
            ("nobody@example.com", "nobody@example.com"),
        ):
            with self.assertRefused(words):
                mailing.action_load_addresses(pasted)
        self.assertEqual(len(mailing.load_ids), 1)

    def test_contacts_are_persons_and_accounts_companies(self):
        self.cat.is_company = True
        for recipient_type, expected in (
            ("contact", self.ann | self.bob),
            ("account", self.cat),
        ):
            mailing = self._make_mailing(self.people, recipient_type=recipient_type)
            rows = self.env["mailjet.recipient"].search(
                [("mailing_id", "=", mailing.id)]
            )
            self.assertEqual(rows.partner_id, expected)
            self.assertEqual(set(rows.mapped("kind")), {recipient_type})

    def test_leads_and_opportunities(self):
        leads = self.env["crm.lead"].create(
            [
                {
                    "name": kind,
                    "type": kind,
                    "email_from": f"{kind}@example.com",
                    "user_id": self.user.id,
                }
                for kind in ("lead", "opportunity")
            ]
        )
        mailing = self._make_mailing(leads, recipient_type="lead")
        self.assertEqual(
            self._rows(mailing),
            {"lead@example.com": "send", "opportunity@example.com": "send"},
        )

    def test_filters_that_cannot_be_used_say_so(self):
        lead_filter = self._make_filter("Leads", self.env["crm.lead"])
        for name, domain, words in (
            ("Screen", "[('id', '=', active_id)]", "only known on the screen"),
            ("Gone", "[('no_such_field', '=', 1)]", "no longer exists"),
            ("Broken", "[('id', '=',", "only known on the screen"),
        ):
            broken = self.filter.copy({"name": name, "domain": domain})
            mailing = self._make_mailing()
            with self.subTest(name), self.assertRefused(words):
                mailing.action_load_filter(broken.id)
        mailing = self._make_mailing()
        with self.assertRefused("other records"):
            mailing.action_load_filter(lead_filter.id)
        with self.assertRefused("Choose a filter"):
            mailing.action_load_filter(0)
        with self.assertRefused("does not accept targets"):
            mailing.action_load_target(1)

    def test_filters_may_speak_of_the_user_and_of_today(self):
        self.ann.user_id = self.user
        mine = self.filter.copy(
            {
                "name": "Mine",
                "domain": "[('user_id', '=', uid), ('create_date', '<=', "
                "(context_today() + relativedelta(days=1)).strftime('%Y-%m-%d'))]",
            }
        )
        mailing = self._make_mailing()
        mailing.action_load_filter(mine.id)
        self.assertEqual(self._rows(mailing), {"ann@example.com": "send"})

    def test_rows_come_with_the_users_own_rights(self):
        other = new_test_user(
            self.env, "other_seller", "sales_team.group_sale_salesman"
        )
        leads = self.env["crm.lead"].create(
            [
                {
                    "name": user.login,
                    "email_from": f"{user.login}@example.com",
                    "user_id": user.id,
                }
                for user in (self.user, other)
            ]
        )
        mailing = self._make_mailing(leads, recipient_type="lead")
        self.assertEqual(self._rows(mailing), {"mailer@example.com": "send"})

    def test_a_mailing_stays_in_the_company_of_its_rows(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.user.company_ids |= elsewhere
        self.account.company_id = False
        mailing = self._make_mailing().with_context(
            allowed_company_ids=self.user.company_ids.ids
        )
        home = mailing.company_id
        mailing.company_id = elsewhere
        mailing.company_id = home
        mailing.action_load_filter(self.filter.id)
        for env_mailing in (mailing, mailing.sudo()):
            with self.assertRefused("cannot be changed"):
                env_mailing.company_id = elsewhere
            with self.assertRefused("cannot be changed"):
                env_mailing.write({"company_id": elsewhere.id, "subject": "Other"})
        imported = mailing.load(
            [".id", "company_id/.id"], [[str(mailing.id), str(elsewhere.id)]]
        )
        self.assertFalse(imported["ids"])
        self.assertEqual(mailing.company_id, home)
        mailing.write({"company_id": home.id})

    def test_rows_are_of_the_mailings_company(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.user.company_ids |= other
        self.bob.company_id = other
        self.ann.company_id = self.user.company_id
        companies = self.user.company_ids.ids
        mailing = self._make_mailing()
        mailing.with_context(allowed_company_ids=companies).action_load_filter(
            self.filter.id
        )
        self.assertEqual(
            set(self._rows(mailing)), {"ann@example.com", "cat@example.com"}
        )
