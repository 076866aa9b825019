from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..models.retention import mailjet_retention_refresh
from .retention_common import ANN, BOB, CAT, LONG_AGO, RetentionCase

# After a contact was created, and too long ago to keep it.
CLICKED = LONG_AGO + timedelta(days=300)


@tagged("post_install", "-at_install")
class TestRetention(RetentionCase):
    """Who is a prospect, and what counts as a contact."""

    def _kind(self, email=ANN):
        """Return by what an address is without contact, or that it is not."""
        self._search()
        return self._find(email).contact_kind

    # === CONTACTS === #

    def test_who_was_created_long_ago_is_listed(self):
        self._search()
        self.assertEqual(self._read(), dict.fromkeys((ANN, BOB, CAT), "found"))
        row = self._find()
        self.assertEqual(row.last_contact_date, LONG_AGO)
        self.assertEqual((row.contact_kind, row.record_count), ("record", 1))
        self._age(self.ann, fields.Datetime.now())
        self._search()
        self.assertEqual(self._read(), dict.fromkeys((BOB, CAT), "found"))

    def test_each_kind_of_contact_counts(self):
        recent = fields.Datetime.now() - timedelta(days=1)
        sent = self._make_mailing(self.people)
        row = self._row(sent, self.ann).sudo()
        lead = self._make_lead_for(self.ann)
        message = self.ann.message_post(
            body="Hello", author_id=self.ann.id, message_type="comment"
        )
        email = self._make_lead(ANN).message_post(
            body="Hello", email_from=f"Ann <{ANN}>", message_type="email"
        )
        self._age(self.env["crm.lead"].search([("user_id", "=", self.user.id)]))
        (message | email).date = LONG_AGO
        email.author_id = False
        signup = self.env["mailjet.signup"].create(
            {
                "account_id": self.account.id,
                "email": ANN,
                "confirmed_date": LONG_AGO,
                "mailjet_id": "1",
            }
        )
        self.assertTrue(self._kind())
        for kind, act in (
            ("click", lambda: row.write({"last_clicked_date": recent})),
            ("signup", lambda: signup.write({"confirmed_date": recent})),
            ("lead", lambda: self._age(lead, recent)),
            ("message", lambda: message.write({"date": recent})),
            ("message by email", lambda: email.write({"date": recent})),
        ):
            with self._case(kind=kind):
                act()
                self.assertFalse(self._kind())
                self.assertTrue(self._kind(BOB))

    def _make_lead_for(self, contact):
        """Return a lead for a contact, with no address of its own."""
        lead = self._make_lead(contact.email, partner_id=contact.id)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET email_normalized = NULL WHERE id = %s", [lead.id]
        )
        return lead

    def test_choices_on_the_preference_page_count_but_for_leaving(self):
        self._search()
        sent = self._make_mailing(self.people)
        self._send(sent)
        topic = self.env["mailjet.topic"].create({"name": "Offers"})
        for form, is_listed in (
            ({"mode": "pause"}, False),
            ({"mode": "receive", "topic": []}, False),
            ({"leave": "1"}, True),
        ):
            with self._case(form=form):
                self._answer(**form)
                self.assertEqual(bool(self._kind()), is_listed)
        self.assertTrue(topic)

    def test_clicks_that_are_withdrawn_are_forgotten_at_once(self):
        other = self._make_stranger().company_id
        measuring = self.env["mailjet.measuring"].with_user(self.manager)
        row = self._row(self._make_mailing(self.people), self.ann).sudo()
        row.write({"status": "clicked", "last_clicked_date": CLICKED})
        for company in (self.company, other):
            self._search(company=company)
        rows = self.store.search([("email", "=", ANN)])
        self.assertEqual(rows.mapped("last_contact_date"), [CLICKED] * 2)
        measuring.create(
            {"email": ANN, "kind": "click", "choice": "refused", "source_text": "Call"}
        )
        self.env.invalidate_all()
        self.assertEqual(rows.mapped("contact_kind"), ["record"] * 2)
        self.assertEqual(rows.mapped("last_contact_date"), [LONG_AGO] * 2)

    def test_what_we_did_to_them_is_no_contact(self):
        self.ann.message_post(body="We called", message_type="comment")
        mailing = self._make_mailing(self.people)
        self._send(mailing)
        self._row(mailing, self.ann).sudo().last_opened_date = self.clock
        self.ann.name = "Ann Oak"
        self.assertEqual(self._kind(), "record")

    def test_all_records_of_an_address_are_one(self):
        lead = self._make_lead("Ann <ANN@example.com>")
        self._search()
        self.assertFalse(self._find())
        self._age(lead)
        self._search()
        self.assertEqual(self._find().record_count, 2)
        lead.active = False
        self._search()
        self.assertEqual(self._find().record_count, 1)
        self.ann.active = False
        self._search()
        self.assertFalse(self._find())

    # === PROSPECTS === #

    def test_who_is_more_than_a_prospect_is_not_listed(self):
        account = self.env["res.partner"].create({"name": "Ash", "is_company": True})
        self.ann.parent_id = account
        acts = {
            "user": lambda: new_test_user(
                self.env, "ann", "base.group_portal", partner_id=self.ann.id
            ),
            "own company": lambda: self.ann.write(
                {"parent_id": self.company.partner_id.id}
            ),
            "customer": lambda: self._make_lead(
                "sales@example.com", partner_id=account.id
            ).action_set_won(),
            "won": lambda: self._age(self._win(ANN)),
        }
        if "customer_rank" in account._fields:
            acts["invoiced"] = lambda: account.write({"customer_rank": 1})
            acts["supplier"] = lambda: account.write({"supplier_rank": 1})
        if "sale.order" in self.env:
            acts["order"] = lambda: self._make_order("sale.order", account, "sale")
        if "purchase.order" in self.env:
            acts["purchase"] = lambda: self._make_order(
                "purchase.order", account, "purchase"
            )
        if "account.move" in self.env:
            acts["invoice"] = lambda: self._invoice(account, "out_invoice")
            acts["bill"] = lambda: self._invoice(account, "in_invoice")
        self._search()
        self.assertTrue(self._find())
        for name, act in acts.items():
            with self._case(bond=name):
                act()
                self._search()
                self.assertFalse(self._find())
                self.assertTrue(self._find(BOB))

    def test_quotations_count_for_the_people_of_an_account(self):
        """Only where the apps are installed: they are no dependencies."""
        account = self.env["res.partner"].create({"name": "Ash", "is_company": True})
        self.ann.parent_id = account
        self._search()
        self.assertEqual(self._find().contact_kind, "record")
        for model in ("sale.order", "purchase.order"):
            if model not in self.env:
                continue
            with self._case(model=model):
                order = self._make_order(model, account, "draft")
                self._search()
                self.assertFalse(self._find())
                self.assertTrue(self._find(BOB))
                self._age(order, LONG_AGO + timedelta(days=1))
                self._search()
                self.assertEqual(self._find().contact_kind, "quotation")
                order.state = "cancel"
                self._search()
                self.assertEqual(self._find().contact_kind, "record")

    def _make_order(self, model, partner, state):
        """Return an order of an app that may be installed."""
        order = self.env[model].create({"partner_id": partner.id})
        order.state = state
        return order

    def _invoice(self, partner, move_type):
        """Return a posted invoice or bill."""
        move = self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": partner.id,
                "invoice_date": "2020-02-03",
                "invoice_line_ids": [Command.create({"name": "Desk", "price_unit": 9})],
            }
        )
        move.action_post()
        return move

    def _win(self, email):
        lead = self._make_lead(email)
        lead.action_set_won()
        return lead

    # === COMPANIES AND RIGHTS === #

    def test_companies_are_apart(self):
        stranger = self._make_stranger()
        other = stranger.company_id
        self.ann.company_id = other
        self._make_lead(BOB, company_id=other.id, user_id=False)
        self._search()
        self.assertEqual(self._read(), dict.fromkeys((BOB, CAT), "found"))
        self._search(company=other)
        self.assertEqual(self._read(other), dict.fromkeys((ANN, CAT), "found"))
        theirs = self.store.with_user(stranger).search([])
        self.assertEqual(theirs.company_id, other)

    def test_a_record_of_all_companies_is_kept_by_a_contact_with_any(self):
        other = self._make_stranger().company_id
        row = self._row(self._make_mailing(self.people), self.ann).sudo()
        row.last_clicked_date = fields.Datetime.now()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mailjet_mailing SET company_id = %s WHERE id = %s",
            [other.id, row.mailing_id.id],
        )
        self._search()
        self.assertFalse(self._find())
        self.ann.company_id = self.company
        self._search()
        self.assertTrue(self._find())

    def test_only_managers_see_and_do_anything(self):
        self._search()
        rows = self.store.search([])
        for method in (
            "action_ask",
            "action_confirm",
            "action_open_contacts",
            "action_open_leads",
            "action_refresh",
        ):
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(rows[:1].with_user(self.user), method)()
        with self.assertRaises(AccessError):
            rows.with_user(self.manager).write({"state": "kept"})
        action = rows[0].with_user(self.manager).action_open_contacts()
        self.assertEqual(len(self.people.filtered_domain(action["domain"])), 1)

    # === THE DAILY SEARCH === #

    def test_the_cron_searches_in_portions_and_goes_on_where_it_stopped(self):
        self.env["res.company"].search([]).mailjet_retention_months = 0
        self.company.mailjet_retention_months = 36
        self.patch(mailjet_retention_refresh, "PORTION", 2)
        self.patch(mailjet_retention_refresh, "RUN_SECONDS", -1)
        cron = self.env.ref("massmailing_mailjet.ir_cron_retention")
        with self.enter_registry_test_mode():
            for _run in range(1000):
                cron.method_direct_trigger()
                if self.company.mailjet_retention_date:
                    break
        self.assertLessEqual({ANN, BOB, CAT}, self._read().keys())
        self.assertFalse(self.company.mailjet_retention_cursor)

    def test_nothing_is_searched_where_it_is_switched_off(self):
        self.company.mailjet_retention_months = 0
        cron = self.env.ref("massmailing_mailjet.ir_cron_retention")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertFalse(self._read())
        self.assertFalse(self.company.mailjet_retention_date)
