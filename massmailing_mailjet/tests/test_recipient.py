import random

from odoo.tests import new_test_user, users

from .common import MailjetCase


class TestRecipient(MailjetCase):
    """Who gets a mailing, and why the others do not."""

    # === LOADING === #

    def test_several_loads_add_up_and_never_double(self):
        mailing = self._make_mailing(self.ann | self.bob)
        action = mailing.action_load_filter(self.filter.id)
        self.assertEqual(mailing.recipient_count, 3)
        self.assertIn("loaded: 1", action["params"]["message"])
        first, second = mailing.load_ids.sorted("id")
        self.assertEqual((first.found_count, first.new_count), (2, 2))
        self.assertEqual(
            (second.found_count, second.new_count, second.existing_count), (3, 1, 2)
        )
        self.assertEqual(second.user_id, self.user)
        self.assertCountsAddUp(mailing)

    def test_a_load_can_be_undone(self):
        mailing = self._make_mailing(self.ann)
        mailing.action_load_filter(self.filter.id)
        mailing.load_ids.sorted("id")[-1].action_unload()
        self.assertEqual(self._rows(mailing), {"ann@example.com": "send"})
        self.assertEqual(len(mailing.load_ids), 1)
        self.assertCountsAddUp(mailing)

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

    def test_a_target_is_shared_out_over_the_kinds(self):
        self.cat.is_company = True
        lead = self.env["crm.lead"].create(
            {"name": "L", "email_from": "lead@example.com", "user_id": self.user.id}
        )
        target = self.env["mailjet.target"].create(
            {
                "name": "Mixed",
                "contact_domain": f"[('id', 'in', {self.people.ids})]",
                "account_ids": self.cat.ids,
                "lead_ids": lead.ids,
            }
        )
        mailing = self._make_mailing(recipient_type="target")
        mailing.action_load_target(target.id)
        rows = self.env["mailjet.recipient"].search([("mailing_id", "=", mailing.id)])
        self.assertEqual(
            sorted(rows.mapped("kind")), ["account", "contact", "contact", "lead"]
        )
        self.assertEqual((target.contact_count, target.account_count), (2, 1))
        self.assertCountsAddUp(mailing)

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
            mailing.action_load()
        with self.assertRefused("takes no targets"):
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

    # === VERDICTS === #

    def test_every_reason(self):
        Partner = self.env["res.partner"]
        cases = {
            "ok@example.com": "send",
            "OK@example.com": "duplicate",
            "": "no_email",
            "nobody": "invalid_email",
            "name@host": "invalid_email",
            "a..b@example.com": "invalid_email",
            "two words@example.com": "invalid_email",
            "o'brien@example.com": "send",
            "tab@example.com\t": "send",
            "black@example.com": "blacklisted",
            "gone@example.com": "archived",
            "no@example.com": "unsubscribed",
        }
        partners = Partner.create(
            [{"name": email or "none", "email": email} for email in cases]
        )
        partners[-1].massmailing_unsubscribed = True
        self.env["mail.blacklist"]._add("black@example.com")
        mailing = self._make_mailing(partners)
        partners[-2].active = False
        mailing.action_go_to_step("recipients")
        self.assertEqual(self._rows(mailing), cases)
        self.assertEqual(mailing.invalid_count, 5)
        self.assertEqual(mailing.other_excluded_count, 2)
        self.assertCountsAddUp(mailing)

    def test_merged_contacts_keep_their_rows(self):
        twin = self.ann.copy({"email": "ann@example.com"})
        both = self._make_mailing(self.people | twin)
        one = self._make_mailing(twin)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.ann | twin).ids, self.ann)
        self.assertFalse(twin.exists())
        self.assertEqual(both.recipient_count, 4)
        both.action_go_to_step("recipients")
        rows = self.env["mailjet.recipient"].search([("mailing_id", "=", both.id)])
        self.assertEqual(rows.filtered("exclusion_reason").name, "Ann Ash (copy)")
        self.assertEqual(rows.filtered("exclusion_reason").exclusion_reason, "deleted")
        self.assertEqual(self._row(one, self.ann).email, "ann@example.com")
        self.assertCountsAddUp(both)

    def test_a_whole_search_result_is_ticked_whatever_its_size(self):
        mailing = self._make_mailing(self.people)
        self.env["ir.config_parameter"].sudo().set_param("web.active_ids_limit", 2)
        rows = self.env["mailjet.recipient"].with_user(self.user)
        rows = rows.search([("mailing_id", "=", mailing.id)])
        domain = [("mailing_id", "=", mailing.id)]
        rows[:1].with_context(active_domain=domain).action_untick()
        self.assertEqual(mailing.unticked_count, 1)
        rows[:2].with_context(active_domain=domain).action_untick()
        self.assertEqual(mailing.unticked_count, 3)
        self.assertCountsAddUp(mailing)

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

    def test_a_target_with_a_broken_condition(self):
        Target = self.env["mailjet.target"].with_user(self.user)
        for domain in ("[('id', '=',", "[('no_such_field', '=', 1)]", "nothing"):
            with self.subTest(domain), self.assertRefused("cannot be evaluated"):
                Target.create({"name": "Broken", "lead_domain": domain})
        target = Target.create({"name": "Fine", "lead_domain": "[('name', '=', 'x')]"})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mailjet_target SET lead_domain = '[(1)' WHERE id = %s", [target.id]
        )
        target.invalidate_recordset()
        self.assertEqual(target.lead_count, 0)
        mailing = self._make_mailing(recipient_type="target")
        with self.assertRefused("cannot be evaluated any more"):
            mailing.action_load_target(target.id)

    def test_a_deleted_record_leaves_its_row(self):
        mailing = self._make_mailing(self.people)
        self.bob.unlink()
        mailing.action_go_to_step("recipients")
        self.assertEqual(self._rows(mailing)["Bob@Example.com"], "deleted")
        self.assertCountsAddUp(mailing)

    def test_precedence_of_reasons(self):
        self.ann.write({"email": "nobody", "massmailing_unsubscribed": True})
        mailing = self._make_mailing(self.ann)
        self.assertEqual(self._rows(mailing), {"nobody": "unsubscribed"})
        self._row(mailing, self.ann).selected = False
        self.assertEqual(self._rows(mailing), {"nobody": "unticked"})

    def test_the_duplicate_takes_over_when_the_first_leaves(self):
        twin = self.ann.copy({"email": "ann@example.com", "name": "Twin"})
        mailing = self._make_mailing(self.ann | twin)
        first, second = self._row(mailing, self.ann), self._row(mailing, twin)
        self.assertEqual(
            (first.verdict, second.exclusion_reason), ("send", "duplicate")
        )
        first.selected = False
        self.assertEqual((first.exclusion_reason, second.verdict), ("unticked", "send"))
        first.action_tick()
        self.assertEqual(
            (first.verdict, second.exclusion_reason), ("send", "duplicate")
        )
        self.assertCountsAddUp(mailing)

    def test_an_address_is_unsubscribed_everywhere(self):
        mailing = self._make_mailing(self.people)
        self.env["crm.lead"].create(
            {
                "name": "Same person",
                "email_from": "Ann@example.com",
                "massmailing_unsubscribed": True,
            }
        )
        self.assertEqual(self._rows(mailing)["ann@example.com"], "unsubscribed")
        self.assertEqual(mailing.unsubscribed_count, 1)
        self.assertCountsAddUp(mailing)

    def test_a_changed_address_is_judged_when_the_step_is_opened(self):
        mailing = self._make_mailing(self.people)
        self.cat.email = "ANN@example.com"
        mailing.action_go_to_step("recipients")
        self.assertEqual(mailing.duplicate_count, 1)
        self.cat.email = False
        mailing.action_go_to_step("sending")
        self.assertEqual((mailing.duplicate_count, mailing.invalid_count), (0, 1))
        self.assertCountsAddUp(mailing)

    def test_figures_add_up_after_any_sequence(self):
        """The invariant of the ledger, over seeded random walks."""
        chance = random.Random(2026)
        pool = self.env["res.partner"].create(
            [
                {"name": f"P{number}", "email": chance.choice(ADDRESSES)}
                for number in range(30)
            ]
        )
        mailing = self._make_mailing(pool[:10])
        for _move in range(40):
            self._random_move(chance, mailing, pool)
            self.assertCountsAddUp(mailing)
        mailing.action_go_to_step("recipients")
        sent = self.env["mailjet.recipient"].search(
            [("mailing_id", "=", mailing.id), ("verdict", "=", "send")]
        )
        emails = sent.mapped("email_normalized")
        self.assertEqual(len(emails), len(set(emails)))

    def _random_move(self, chance, mailing, pool):
        rows = self.env["mailjet.recipient"].search([("mailing_id", "=", mailing.id)])
        some = pool.browse(chance.sample(pool.ids, 5))
        move = chance.choice(["load", "unload", "tick", "email", "unsubscribe"])
        if move == "load":
            mailing.action_load_filter(self._make_filter("Random", some).id)
        elif move == "unload" and len(mailing.load_ids) > 1:
            chance.choice(mailing.load_ids).action_unload()
        elif move == "tick" and rows:
            row = chance.choice(rows).with_user(self.user)
            row.selected = not row.selected
        elif move == "email":
            some[0].email = chance.choice(ADDRESSES)
        elif move == "unsubscribe":
            some[0].massmailing_unsubscribed = not some[0].massmailing_unsubscribed

    def _row(self, mailing, partner):
        return (
            self.env["mailjet.recipient"]
            .with_user(self.user)
            .search([("mailing_id", "=", mailing.id), ("partner_id", "=", partner.id)])
        )

    # === WHAT USERS MAY DO === #

    @users("mailer")
    def test_only_the_tick_box_can_be_changed(self):
        mailing = self._make_mailing(self.people)
        row = self._row(mailing, self.ann)
        with self.assertRefused("only the tick box"):
            row.email = "other@example.com"
        mailing.sudo().state = "done"
        with self.assertRefused("cannot be changed"):
            row.selected = False

    @users("mailer")
    def test_a_row_opens_its_record(self):
        mailing = self._make_mailing(self.people)
        action = self._row(mailing, self.ann).action_open_record()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("res.partner", self.ann.id)
        )


ADDRESSES = [f"p{number}@example.com" for number in range(8)] + [
    "",
    "nobody",
    "P1@Example.com",
]
