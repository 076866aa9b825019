from odoo.tests import new_test_user, tagged

from .common import MailjetCase


@tagged("post_install", "-at_install")
class TestRecipientLoad(MailjetCase):
    """What a mailing is loaded from, doing it again and undoing it."""

    # === LOADING === #

    def test_several_loads_add_up_and_never_double(self):
        mailing = self._make_mailing(self.ann | self.bob)
        action = mailing.action_load_filter(self.filter.id)
        self.assertEqual(mailing.recipient_count, 3)
        self.assertIn(
            "1 recipient added, 2 already listed", action["params"]["message"]
        )
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

    def test_a_row_that_two_loads_found_outlives_the_first(self):
        mailing = self._make_mailing(self.ann | self.bob)
        mailing.action_load_filter(self._make_filter("Two", self.bob | self.cat).id)
        mailing.action_load_filter(self._make_filter("Three", self.bob).id)
        first, second, third = mailing.load_ids.sorted("id")
        self._row(mailing, self.bob).selected = False
        first.action_unload()
        self.assertEqual(
            self._rows(mailing),
            {"Bob@Example.com": "unticked", "cat@example.com": "send"},
        )
        self.assertEqual((second.found_count, second.new_count), (2, 2))
        self.assertEqual((third.found_count, third.new_count), (1, 0))
        second.action_unload()
        self.assertEqual(set(self._rows(mailing)), {"Bob@Example.com"})
        third.action_unload()
        self.assertFalse(self._rows(mailing) or mailing.recipient_count)
        self.assertFalse(self.env["mailjet.recipient.overlap"].search([]))

    def test_a_load_says_what_doing_it_again_would_change(self):
        domain = [("city", "=", "Oslo"), ("id", "in", self.people.ids)]
        mailing = self._make_mailing()
        oslo = self._make_filter("Oslo", self.people, domain)
        mailing.action_load_filter(self._make_filter("Cat", self.cat).id)
        mailing.action_load_filter(oslo.id)
        load = mailing.load_ids.filtered(lambda load: load.name == "Oslo")
        wizard = self._refresh(load)
        self.assertEqual((wizard.add_count, wizard.remove_count), (0, 0))
        self.bob.city, self.ann.city, self.cat.city = "Oslo", "Bern", "Bern"
        wizard = self._refresh(load)
        self.assertEqual((wizard.add_count, wizard.add_names), (1, "Bob Birch"))
        self.assertEqual((wizard.remove_count, wizard.remove_names), (1, "Ann Ash"))
        self.assertEqual(mailing.recipient_count, 2)
        wizard.action_refresh()
        self.assertEqual(
            set(self._rows(mailing)), {"Bob@Example.com", "cat@example.com"}
        )
        self.assertEqual((load.found_count, load.new_count), (1, 1))
        self.assertCountsAddUp(mailing)
        wizard = self._refresh(load)
        self.assertFalse(wizard.add_count or wizard.remove_count)
        (mailing.load_ids - load).action_unload()
        self.assertEqual(set(self._rows(mailing)), {"Bob@Example.com"})

    def test_a_deleted_record_is_taken_away_by_a_refresh(self):
        mailing = self._make_mailing(self.people)
        self.bob.unlink()
        wizard = self._refresh(mailing.load_ids)
        self.assertEqual((wizard.add_count, wizard.remove_names), (0, "Bob Birch"))
        wizard.action_refresh()
        self.assertEqual(mailing.recipient_count, 2)

    def test_a_deleted_filter_is_remembered_as_it_was(self):
        mailing = self._make_mailing(self.ann)
        mailing.load_ids.filter_id.unlink()
        wizard = self._refresh(mailing.load_ids)
        self.assertFalse(wizard.add_count or wizard.remove_count)

    def test_a_load_without_its_source_finds_nobody(self):
        """Whatever door is tried, and nothing changes."""
        target = self.env["mailjet.target"].create(
            {"name": "Few", "contact_ids": self.ann.ids}
        )
        mailing = self._make_mailing(recipient_type="target")
        mailing.action_load_target(target.id)
        mailing.action_exclude_target(target.id)
        added, left_out = mailing.load_ids.sorted("mode")
        wizard = self._refresh(added)
        target.unlink()
        self.assertFalse(added.can_refresh or left_out.can_refresh)
        for load in added, left_out:
            wizard.load_id = load
            for act in (
                load.action_open_refresh,
                wizard.action_refresh,
                lambda wizard=wizard: wizard.read(["add_count"]),
                load._refresh,
                load._compare,
                load._find,
            ):
                with self.assertRefused("cannot be refreshed"):
                    act()
        self.assertEqual(self._rows(mailing), {"ann@example.com": "excluded_target"})
        self.assertCountsAddUp(mailing)

    def test_loads_of_a_mailing_that_left_stay(self):
        mailing = self._make_mailing(self.people)
        wizard = self._refresh(mailing.load_ids)
        mailing.sudo().state = "done"
        for act in (
            mailing.load_ids.action_unload,
            wizard.action_refresh,
            lambda: mailing.action_load_domain("[]"),
            lambda: mailing.action_load_addresses("ann@example.com"),
            lambda: mailing.action_exclude_target(1),
        ):
            with self.assertRefused("cannot be changed"):
                act()

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

    def test_the_people_of_a_target_are_left_out(self):
        self.cat.is_company = True
        lead = self._make_lead("BOB@example.com")
        target = self.env["mailjet.target"].create(
            {"name": "Not these", "account_ids": self.cat.ids, "lead_ids": lead.ids}
        )
        mailing = self._make_mailing(self.people)
        message = mailing.action_exclude_target(target.id)["params"]["message"]
        self.assertIn("now excluded: 1", message)
        self.assertEqual(self._rows(mailing)["Bob@Example.com"], "excluded_target")
        self.assertEqual(mailing.excluded_target_count, 1)
        self.assertCountsAddUp(mailing)
        loads = mailing.load_ids.filtered(lambda load: load.mode == "exclude")
        self.assertEqual(set(loads.mapped("kind")), {"account", "lead"})
        target.lead_ids = False
        of_leads = loads.filtered(lambda load: load.kind == "lead")
        wizard = self._refresh(of_leads)
        self.assertEqual((wizard.add_count, wizard.remove_count), (0, 1))
        self.assertEqual(wizard.remove_names, "bob@example.com")
        wizard.action_refresh()
        self.assertEqual(mailing.excluded_target_count, 0)
        loads.action_unload()
        self.assertFalse(self.env["mailjet.exclusion"].search([]))
        self.assertEqual(len(mailing.load_ids), 1)

    def _refresh(self, load):
        """Return the wizard that doing the load again opens."""
        action = load.action_open_refresh()
        return (
            self.env[action["res_model"]].with_user(self.user).browse(action["res_id"])
        )

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

    def test_a_target_stays_with_its_mailings(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        target = self.env["mailjet.target"].create(
            {"name": "All", "contact_domain": str([("id", "in", self.people.ids)])}
        )
        home = target.company_id
        target.company_id = elsewhere
        target.company_id = home
        mailing = self._make_mailing(recipient_type="target")
        mailing.action_load_target(target.id)
        mailing.target_id = False
        with self.assertRefused("cannot be changed"), self.env.cr.savepoint():
            target.company_id = elsewhere
        target.company_id = False
        target.company_id = home

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
        with self.assertRefused("can no longer be evaluated"):
            mailing.action_load_target(target.id)
