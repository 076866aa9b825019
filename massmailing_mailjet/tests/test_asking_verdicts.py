from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .asking_common import AskingCase

EVERYBODY = {"ann", "bob", "cat"}


@tagged("post_install", "-at_install")
class TestAskingVerdicts(AskingCase):
    """Whom a mailing that asks for permission to measure is for."""

    # === ANSWERED === #

    def test_who_has_answered_is_not_asked(self):
        self._answer("granted", "ann")
        self._answer("refused", "bob")
        mailing = self._make_asking(self.people)
        self.assertEqual(
            self._reasons(mailing),
            {"ann": "answered", "bob": "answered", "cat": "send"},
        )
        self.assertEqual(mailing.answered_count, 2)
        self.assertCountsAddUp(mailing)

    def test_who_has_answered_one_of_both_questions_is_asked(self):
        self._answer("refused", "ann", kinds=["open"])
        self.assertEqual(self._reasons(self._make_asking(self.ann)), {"ann": "send"})
        self._answer("granted", "ann", kinds=["click"])
        mailing = self._make_asking(self.ann)
        self.assertEqual(self._reasons(mailing), {"ann": "answered"})

    def test_who_has_answered_another_company_is_asked(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self._answer("granted", "ann", company=other)
        self._answer("refused", "bob", company=other)
        mailing = self._make_asking(self.people)
        self.assertEqual(set(self._reasons(mailing).values()), {"send"})
        other.unlink()
        # A refusal outlives the company to which it was said.
        self.env.invalidate_all()
        mailing = self._make_asking(self.people)
        self.assertEqual(
            self._reasons(mailing), {"ann": "send", "bob": "answered", "cat": "send"}
        )

    def test_an_erased_refusal_is_still_an_answer(self):
        self._answer("refused", "ann")
        self.env["mailjet.consent"].sudo()._forget(["ann@example.com"])
        mailing = self._make_asking(self.people)
        self.assertEqual(self._reasons(mailing)["ann"], "answered")

    def test_other_mailings_go_to_those_who_answered(self):
        self._answer("refused", "ann")
        mailing = self._make_mailing(self.people)
        self.assertEqual(set(self._reasons(mailing).values()), {"send"})

    def test_an_answer_counts_at_the_next_step(self):
        mailing = self._make_asking(self.people)
        mailing.action_go_to_step("recipients")
        self._answer("granted", "ann")
        mailing.action_go_to_step("sending")
        self.assertEqual(self._reasons(mailing)["ann"], "answered")
        self.assertCountsAddUp(mailing)

    # === ASKED === #

    def test_nobody_is_asked_again_within_six_months(self):
        first = self._make_asking(self.ann)
        self._send_at_once(first)
        self.assertEqual(first.state, "done")
        mailing = self._make_asking(self.people)
        self.assertEqual(
            self._reasons(mailing), {"ann": "asked", "bob": "send", "cat": "send"}
        )
        self.assertEqual(mailing.asked_count, 1)
        self.assertCountsAddUp(mailing)
        self.clock += timedelta(days=179)
        self._enter(mailing)
        self.assertEqual(self._reasons(mailing)["ann"], "asked")
        self.clock += timedelta(days=7)
        self._enter(mailing)
        self.assertEqual(self._reasons(mailing)["ann"], "send")
        self.assertCountsAddUp(mailing)

    def test_the_row_says_when_and_by_which_mailing(self):
        with freeze_time("2026-03-02 09:00:00"):
            first = self._make_asking(self.ann)
            self._make_campaign(
                first,
                state="done",
                delivery_step=False,
                sent_date="2026-03-02 08:00:00",
            )
            self._row(first, self.ann).sudo().status = "sent"
            mailing = self._make_asking(self.people)
            row = self._row(mailing, self.ann)
            self.assertEqual(
                row.verdict_text,
                "Asked less than six months ago: 03/02/2026, Permission to measure",
            )

    def test_what_was_canceled_or_has_failed_has_asked_nobody(self):
        first = self._make_asking(self.people)
        with freeze_time(self.clock):
            first.action_schedule(self.clock + timedelta(days=2))
        first.action_cancel()
        self._run_later(minutes=1)
        self.assertEqual(first.state, "draft")
        mailing = self._make_asking(self.people)
        self.assertEqual(set(self._reasons(mailing).values()), {"send"})
        self._send_at_once(first)
        self._row(first, self.ann).sudo().status = "failed"
        self._enter(mailing)
        self.assertEqual(
            self._reasons(mailing), {"ann": "send", "bob": "asked", "cat": "asked"}
        )

    def test_mailings_of_other_companies_and_purposes_do_not_count(self):
        self._send_at_once(self._make_mailing(self.people))
        first = self._make_asking(self.people)
        self._send_at_once(first)
        self.assertEqual(set(self._reasons(first).values()), {"send"})
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.cr.execute(
            "UPDATE mailjet_mailing SET company_id = %s WHERE id = %s",
            [company.id, first.id],
        )
        mailing = self._make_asking(self.people)
        self.assertEqual(set(self._reasons(mailing).values()), {"send"})

    # === SENDING === #

    def test_it_goes_to_everyone_without_being_measured(self):
        for choice in ("granted", None):
            for rule in ("all", "unless_refused", "consent"):
                with self._case(choice=choice, rule=rule):
                    self.env.company.mailjet_measuring_rule = rule
                    if choice:
                        self._answer(choice, "ann", kinds=["open"])
                    self._start_again()
                    mailing = self._make_asking(self.people)
                    self._send_at_once(mailing)
                    self.assertEqual(mailing.state, "done")
                    self.assertEqual(self._get_keys(), {"quiet": EVERYBODY})
                    rows = self.env["mailjet.recipient"].search(
                        [("mailing_id", "=", mailing.id)]
                    )
                    self.assertEqual(rows.mapped("is_unmeasured"), [True] * 3)

    def test_an_account_without_tracking_asks_alone(self):
        self.account.unmeasured_account_id = False
        self.account.measures = "off"
        self.mailjet.set_key(open_tracked=0, click_tracked=0)
        mailing = self._make_asking(self.people)
        self._send_at_once(mailing)
        self.assertEqual(mailing.state, "done")
        self.assertTrue(mailing.sudo().mailjet_campaign_ids.is_unmeasured)

    def test_who_answers_while_it_waits_is_taken_out(self):
        mailing = self._make_asking(self.people)
        with freeze_time(self.clock):
            mailing.action_schedule(self.clock + timedelta(minutes=3))
        self._run_later(minutes=1)
        self.assertEqual(mailing.delivery_step, "schedule")
        self._answer("refused", "ann")
        for _run in range(4):
            self._run_later(minutes=2)
        self.assertEqual(mailing.state, "done")
        self.assertEqual(self._get_askings(), {"bob": 1, "cat": 1})
        self.assertEqual(self._reasons(mailing)["ann"], "answered")
        self.assertCountsAddUp(mailing)

    def test_of_two_at_once_one_asks(self):
        mailings = [self._make_asking(self.people), self._make_asking(self.people)]
        with freeze_time(self.clock):
            for mailing in mailings:
                mailing.action_schedule(self.clock + timedelta(minutes=3))
        for _run in range(6):
            self._run_later(minutes=2)
        self.assertEqual(self._get_askings(), dict.fromkeys(EVERYBODY, 1))
        reasons = [set(self._reasons(mailing).values()) for mailing in mailings]
        self.assertCountEqual(reasons, [{"send"}, {"asked"}])

    def test_who_was_asked_since_the_last_look_is_taken_out(self):
        late = self._make_asking(self.people)
        with freeze_time(self.clock):
            late.action_schedule(self.clock + timedelta(minutes=9))
        self._run_later(minutes=1)
        self._send_at_once(self._make_asking(self.ann))
        self.assertEqual(late.delivery_step, "schedule")
        campaign = late.sudo().mailjet_campaign_ids
        campaign.write({"delivery_step": "send", "schedule_date": self.clock})
        campaign._set_next_action(self.clock)
        for _run in range(3):
            self._run_later(minutes=1)
        self.assertEqual(late.state, "done")
        self.assertEqual(self._get_askings(), dict.fromkeys(EVERYBODY, 1))
        self.assertEqual(self._reasons(late)["ann"], "asked")

    def test_a_follow_up_goes_to_those_not_reached(self):
        mailing = self._make_asking(self.people)
        self._send_at_once(mailing)
        self._row(mailing, self.ann).sudo().status = "failed"
        mailing.action_send_to_remaining()
        follow_up = self.env["mailjet.mailing"].search([("origin_id", "=", mailing.id)])
        self.assertEqual(follow_up.purpose, "measuring")
        self.assertEqual(self._reasons(follow_up), {"ann": "send"})
