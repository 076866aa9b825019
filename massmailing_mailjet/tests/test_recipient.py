from unittest.mock import patch

from freezegun import freeze_time

from odoo.sql_db import Cursor
from odoo.tests import tagged, users
from odoo.tools import SQL

from .common import MailjetCase


@tagged("post_install", "-at_install")
class TestRecipient(MailjetCase):
    """Who gets a mailing, and why the others do not."""

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
        self.assertEqual(mailing.archived_count + mailing.blacklisted_count, 2)
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

    def test_the_cause_of_the_flag_is_the_reason(self):
        mailing = self._make_mailing(self.people)
        for cause, reason in (
            ("bounced", "past_bounce_count"),
            ("unsubscribed", "unsubscribed_count"),
            ("complained", "past_complaint_count"),
        ):
            self._make_lead("ANN@example.com").write(
                {
                    "massmailing_unsubscribed": True,
                    "massmailing_unsubscribed_cause": cause,
                }
            )
            with self.subTest(cause):
                self.assertEqual(self._rows(mailing)["ann@example.com"], cause)
                self.assertEqual(mailing[reason], 1)
                self.assertEqual(self.ann.massmailing_unsubscribed_cause, cause)
                self.assertCountsAddUp(mailing)

    def test_the_row_says_why_in_words(self):
        lead = self._make_lead("ann@example.com", partner_name="Ash")
        target = self.env["mailjet.target"].create(
            {"name": "Competitors", "contact_ids": self.bob.ids, "lead_ids": lead.ids}
        )
        mailing = self._make_mailing(recipient_type="target")
        mailing.action_load_domain(f"[('id', 'in', {self.people.ids})]", "contact")
        mailing.action_load_target(target.id)
        duplicate = self._row(mailing, lead)
        self.assertEqual(duplicate.exclusion_reason, "duplicate")
        self.assertEqual(duplicate.exclusion_detail, "Sent to Ann Ash (Contact)")
        mailing.action_exclude_target(target.id)
        for record in (self.ann, self.bob, lead):
            row = self._row(mailing, record)
            self.assertEqual(row.exclusion_reason, "excluded_target")
            self.assertEqual(row.exclusion_detail, "Competitors")
        self.assertFalse(self._row(mailing, self.cat).exclusion_detail)

    def test_one_sentence_says_that_a_row_is_sent_or_why_not(self):
        twin = self.ann.copy({"email": "ann@example.com"})
        with freeze_time("2026-03-02 10:00:00"):
            self.bob.massmailing_unsubscribed = True
        mailing = self._make_mailing(self.people | twin)
        sentences = {
            self.ann: "To send",
            self.bob: "Unsubscribed from mass mailing on 03/02/2026",
            twin: "Duplicate of another recipient: Sent to Ann Ash (Contact)",
        }
        for record, sentence in sentences.items():
            self.assertEqual(self._row(mailing, record).verdict_text, sentence)
        self._row(mailing, self.cat).selected = False
        self.assertEqual(self._row(mailing, self.cat).verdict_text, "Not selected")
        for status, sentence in (("outgoing", "Outgoing"), ("bounced", "Bounced")):
            row = self._row(mailing, self.ann)
            row.sudo().status = status
            self.assertEqual(row.verdict_text, sentence)

    def test_rows_are_sorted_by_their_reasons(self):
        self.bob.massmailing_unsubscribed = True
        mailing = self._make_mailing(self.people)
        self._row(mailing, self.ann).selected = False
        rows = self.env["mailjet.recipient"].with_user(self.user)
        for direction, names in (
            ("asc", ["Bob Birch", "Ann Ash", "Cat Cedar"]),
            ("desc", ["Cat Cedar", "Ann Ash", "Bob Birch"]),
        ):
            found = rows.web_search_read(
                [("mailing_id", "=", mailing.id)],
                {"name": {}, "verdict_text": {}},
                order=f"verdict_text {direction}",
            )["records"]
            self.assertEqual([row["name"] for row in found], names)

    def test_details_are_read_for_the_rows_shown(self):
        (self.ann | self.bob).massmailing_unsubscribed = True
        mailing = self._make_mailing(self.people)
        self.env.flush_all()
        self.env.invalidate_all()
        queries = []
        execute = Cursor.execute

        def listen(cursor, query, *args, **kwargs):
            if "mailjet_consent" in str(query):
                queries.append(f"{query} {args}")
            return execute(cursor, query, *args, **kwargs)

        rows = self.env["mailjet.recipient"].with_user(self.user)
        with patch.object(Cursor, "execute", listen):
            rows.web_search_read(
                [("mailing_id", "=", mailing.id), ("name", "=", "Ann Ash")],
                {"verdict_text": {}},
            )
        (query,) = queries
        self.assertIn("ann@example.com", query)
        self.assertNotIn("bob@example.com", query)

    def test_without_rows_all_that_is_found_is_ticked(self):
        mailing = self._make_mailing(self.people)
        rows = self.env["mailjet.recipient"].with_user(self.user)
        found = [("mailing_id", "=", mailing.id), ("name", "!=", "Ann Ash")]
        rows.with_context(active_domain=found).action_untick()
        self.assertEqual(mailing.unticked_count, 2)
        rows.action_untick()
        self.assertEqual(mailing.unticked_count, 2)
        rows.with_context(active_domain=found).action_tick()
        self.assertEqual(mailing.unticked_count, 0)
        self.assertCountsAddUp(mailing)

    def test_the_blacklist_is_looked_at_when_the_step_is_opened(self):
        mailing = self._make_mailing(self.people)
        mailing.action_go_to_step("recipients")
        self._age_records()
        self.env["mail.blacklist"]._add("ann@example.com")
        mailing.action_go_to_step("sending")
        self.assertEqual(mailing.blacklisted_count, 1)
        admin = self.env.ref("base.user_admin")
        self.env["mail.blacklist"].with_user(admin)._remove("ann@example.com")
        mailing.action_go_to_step("recipients")
        self.assertEqual(mailing.blacklisted_count, 0)

    def test_a_later_step_reads_only_what_has_changed(self):
        mailing = self._make_mailing(self.people)
        mailing.action_go_to_step("recipients")
        self._age_records()
        # A verdict that would not be given again.
        self.env.cr.execute(
            SQL(
                "UPDATE mailjet_recipient SET verdict = 'excluded',"
                " exclusion_reason = 'recent' WHERE id = %s",
                self._row(mailing, self.bob).id,
            )
        )
        self.env.invalidate_all()
        mailing.action_go_to_step("sending")
        self.assertEqual(self._rows(mailing)["Bob@Example.com"], "recent")
        self.cat.email = "ann@example.com"
        mailing.action_go_to_step("recipients")
        self.assertEqual(mailing.duplicate_count, 1)

    def test_a_changed_address_is_judged_when_the_step_is_opened(self):
        mailing = self._make_mailing(self.people)
        self.cat.email = "ANN@example.com"
        mailing.action_go_to_step("recipients")
        self.assertEqual(mailing.duplicate_count, 1)
        self.cat.email = False
        mailing.action_go_to_step("sending")
        self.assertEqual((mailing.duplicate_count, mailing.invalid_count), (0, 1))
        self.assertCountsAddUp(mailing)

    # === WHAT USERS MAY DO === #

    @users("mailer")
    def test_only_the_tick_box_can_be_changed(self):
        mailing = self._make_mailing(self.people)
        row = self._row(mailing, self.ann)
        with self.assertRefused("Only the checkbox"):
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
