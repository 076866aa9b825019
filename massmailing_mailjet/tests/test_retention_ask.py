from odoo.exceptions import UserError
from odoo.tests import tagged

from ..tools.preference_links import PREFERENCES
from .retention_common import ANN, BOB, CAT, RetentionCase


@tagged("post_install", "-at_install")
class TestRetentionAsk(RetentionCase):
    """Prospects without contact are asked once, and answer on the preference page."""

    def setUp(self):
        super().setUp()
        self._search()

    def test_all_are_asked_by_a_mailing_that_is_ready(self):
        mailing = self._ask()
        self.assertEqual(mailing.purpose, "retention")
        self.assertIn(f"{PREFERENCES}#staying", str(mailing.body_html))
        expected = {"ann@example.com": "send", "Bob@Example.com": "send", CAT: "send"}
        self.assertEqual(self._rows(mailing), expected)
        self._send(mailing)
        self.assertEqual(self._read()[ANN], "found")
        self._search()
        self.assertEqual(set(self._read().values()), {"asked"})
        self.assertEqual(self._find().asked_date, mailing.sent_date)

    def test_only_the_chosen_are_asked(self):
        self.assertEqual(self._rows(self._ask(self._find())), {ANN: "send"})

    def test_nobody_is_asked_twice(self):
        first = self._ask(self._find())
        with self.assertRefused("nobody to ask"):
            self._ask(self._find())
        second = self._ask()
        second.action_load_domain(str([("id", "in", self.ann.ids)]), "contact")
        self.assertEqual(self._rows(second)[ANN], "not_asked")
        self.assertEqual(second.not_asked_count, 1)
        self.assertCountsAddUp(second)
        row = self._row(second, self.ann)
        self.assertIn("Asked by another mailing", row.verdict_text)
        self._send(first)
        self._send(second)
        self.assertEqual(self.mailjet.sent, [{ANN}, {BOB, CAT}])
        self._search()
        row.invalidate_recordset()
        self.assertIn("Asked before, on", row.verdict_text)
        copied = first.copy()
        copied.action_load_domain("[]", "contact")
        self.assertEqual(copied.planned_count, 0)

    def test_who_was_asked_is_known_after_a_pause_in_the_archive(self):
        self._ask_and_send()
        self.ann.active = False
        self._search()
        self.assertNotIn(ANN, self._read())
        self.ann.active = True
        self.store._refresh_addresses(self.company, [ANN])
        self.assertEqual(self._read()[ANN], "found")
        with self.assertRefused("nobody to ask"):
            self._ask()

    def test_a_reminder_asks_nobody(self):
        mailing = self._ask_and_send()
        reminder = mailing.browse(mailing.action_resend()["res_id"])
        self.assertEqual(reminder.planned_count, 0)

    def test_the_list_says_who_is_in_a_mailing(self):
        mailing = self._ask(self._find())
        self.assertEqual(self._find().progress, "Being asked")
        self.assertEqual(self._find(BOB).progress, "To ask")
        mailing.unlink()
        self.assertEqual(self._find().progress, "To ask")
        self._ask_and_send()
        self.assertEqual(self._find().progress, "Asked")

    def test_a_mailing_that_is_deleted_asks_nobody(self):
        self._ask().unlink()
        self.assertEqual(self._ask().planned_count, 3)

    def test_who_could_not_be_asked_is_asked_by_another_mailing(self):
        mailing = self._ask()
        self._row(mailing, self.ann).selected = False
        self._send(mailing)
        self._search()
        self.assertEqual(self._read()[ANN], "found")
        self.assertEqual(self._rows(self._ask()), {ANN: "send"})

    def test_a_contact_before_the_sending_takes_the_address_out(self):
        mailing = self._ask()
        self._age(self.ann, self.clock)
        self._search()
        mailing.action_send()
        self._run_cron()
        self.assertEqual(self.mailjet.sent, [{BOB, CAT}])

    def test_who_has_opted_out_is_not_asked_but_archived(self):
        opt_out = {"email": ANN, "cause": "unsubscribed", "date": self.clock}
        self.env["mailjet.consent"]._opt_out([opt_out], "program")
        self._search()
        self.assertEqual(self._read()[ANN], "expired")
        self.assertNotIn(ANN, self._rows(self._ask()))
        self.env["mailjet.consent"].with_user(self.manager)._opt_in([ANN])
        self._search()
        self.assertEqual(self._read()[ANN], "found")

    # === ANSWERS === #

    def test_whoever_answers_is_kept(self):
        self._ask_and_send()
        said = self._answer(ANN, keep="1")
        self.assertEqual(said, [f"You stay in the contacts of {self.company.name}."])
        self._answer(BOB, mode="receive")
        self.assertEqual(self._read(), {ANN: "kept", BOB: "kept", CAT: "asked"})
        row = self._find()
        self.assertEqual((row.kept_ip, row.contact_kind), ("198.51.100.7", "kept"))
        self._expire()
        self.assertEqual(self._read(), {ANN: "kept", BOB: "kept", CAT: "expired"})
        self._answer(CAT, keep="1")
        self.assertEqual(self._read()[CAT], "kept")

    def test_leaving_everything_is_no_wish_to_be_kept(self):
        self._ask_and_send()
        for form in ({"leave": "1"}, {"mode": "nothing"}, {"mode": "x"}, {}):
            with self._case(form=form):
                self._answer(**form)
                self.assertEqual(self._read()[ANN], "asked")

    def test_only_who_was_asked_reads_the_question(self):
        self._send(self._make_mailing(self.people))
        preferences = self.env["mailjet.preferences"].sudo()
        row = self.env["mailjet.recipient"].search([("partner_id", "=", self.ann.id)])
        owner = preferences._find_owner(self._get_token(row))
        self.assertFalse(preferences._describe(owner)["staying"])
        self.assertEqual(self._answer(keep="1"), ["Nothing was changed."])
        self._ask_and_send()
        self.assertIn(self.company.name, preferences._describe(owner)["staying"])
        example = preferences._get_example(row.mailing_id)
        self.assertFalse(preferences._describe(example)["staying"])

    def test_after_the_next_long_silence_one_is_asked_again(self):
        self._ask_and_send()
        self._answer(keep="1")
        with self._pass_time(days=365 * 3 + 2):
            self._search()
            self.assertEqual(self._read()[ANN], "found")
            self.assertEqual(self._rows(self._ask(self._find())), {ANN: "send"})

    def test_any_contact_is_an_answer(self):
        self._ask_and_send()
        row = self.env["mailjet.recipient"].search([("partner_id", "=", self.ann.id)])
        row.sudo().last_clicked_date = self.clock
        self._search()
        self.assertEqual(self._read()[ANN], "kept")
        self.assertEqual(self._find().contact_kind, "click")

    def test_nobody_is_asked_where_it_is_switched_off(self):
        self.store.search([]).unlink()
        with self.assertRaises(UserError):
            self._ask()
