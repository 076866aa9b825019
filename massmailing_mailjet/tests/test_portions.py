from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.delivery import mailjet_mailing_partition, mailjet_mailing_portions
from .partition_common import NOTICE
from .portion_common import PortionCase


@tagged("post_install", "-at_install")
class TestPortions(PortionCase):
    """A mailing that is sent in portions: when, to how many, and to nobody who is
    excluded meanwhile."""

    def _get_dates(self, mailing, date=None):
        """Return the dates and the sizes of the portions."""
        mailing = mailing.sudo()._with_own_values({"schedule_date": date})
        with freeze_time(self.clock):
            return [
                (moment.strftime("%d.%m. %H:%M"), size)
                for moment, size in mailing._get_portions()
            ]

    # === WHEN, AND HOW MANY === #

    def test_so_many_a_day(self):
        mailing = self._make_portions(portion_size=2)
        self.assertEqual(
            self._get_dates(mailing), [("01.02. 08:00", 2), ("02.02. 09:00", 1)]
        )
        mailing.portion_hour = 10.5
        self.assertEqual(
            self._get_dates(mailing, datetime(2027, 2, 5, 12)),
            [("05.02. 12:00", 2), ("06.02. 10:30", 1)],
        )

    def test_working_days_without_a_calendar(self):
        self.env.company.resource_calendar_id = False
        mailing = self._make_portions(portion_working_days=True)
        self.assertEqual(
            self._get_dates(mailing, datetime(2027, 2, 5, 12)),
            [("05.02. 12:00", 1), ("08.02. 09:00", 1), ("09.02. 09:00", 1)],
        )

    def test_working_days_of_the_company(self):
        calendar = self.env["resource.calendar"].create({"name": "Days", "tz": "UTC"})
        self.env.company.resource_calendar_id = calendar
        calendar.attendance_ids.filtered(lambda row: row.dayofweek == "2").unlink()
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": calendar.id,
                "date_from": "2027-02-04 00:00:00",
                "date_to": "2027-02-04 23:59:59",
            }
        )
        mailing = self._make_portions(portion_working_days=True)
        self.assertEqual(
            self._get_dates(mailing),
            [("01.02. 08:00", 1), ("02.02. 09:00", 1), ("05.02. 09:00", 1)],
        )
        self.clock = datetime(2027, 2, 6, 11)
        self.assertEqual(self._get_dates(mailing)[0], ("08.02. 09:00", 1))

    def test_the_first_portion_waits_for_the_next_working_hour(self):
        calendar = self.env["resource.calendar"].create({"name": "Days", "tz": "UTC"})
        self.env.company.resource_calendar_id = calendar
        mailing = self._make_portions(portion_working_days=True)
        for now, first in (
            (datetime(2027, 2, 1, 5), "01.02. 09:00"),
            (datetime(2027, 2, 1, 14), "01.02. 14:00"),
            (datetime(2027, 2, 5, 22), "08.02. 09:00"),
        ):
            with self.subTest(now=now):
                self.clock = now
                self.assertEqual(self._get_dates(mailing)[0], (first, 1))
        # A time that a person has chosen is kept.
        chosen = datetime(2027, 2, 5, 22)
        self.assertEqual(self._get_dates(mailing, chosen)[0], ("05.02. 22:00", 1))

    def test_hours_are_in_the_time_zone_of_the_responsible(self):
        self.user.tz = "America/New_York"
        mailing = self._make_portions()
        campaigns = self._start(mailing)
        self.assertEqual(
            campaigns.mapped("schedule_date"),
            [False, datetime(2027, 2, 2, 14), datetime(2027, 2, 3, 14)],
        )

    def test_what_is_left_of_the_month(self):
        with freeze_time(self.clock):
            self.account.write({"monthly_limit": 2, "sent_this_month": 1})
        mailing = self._make_portions(portion_rule="month")
        dates = [("01.02. 08:00", 1), ("01.03. 09:00", 2)]
        self.assertEqual(self._get_dates(mailing), dates)
        with freeze_time(self.clock):
            self.account.sent_this_month = 2
        dates = [("01.03. 09:00", 2), ("01.04. 09:00", 1)]
        self.assertEqual(self._get_dates(mailing), dates)
        self.account.monthly_limit = 0
        self.assertEqual(self._get_dates(mailing), [("01.02. 08:00", 3)])

    def test_too_many_portions_are_refused_before_sending(self):
        mailing = self._make_portions()
        with (
            patch.object(mailjet_mailing_partition, "MAX_CAMPAIGNS", 2),
            patch.object(mailjet_mailing_portions, "MAX_CAMPAIGNS", 2),
        ):
            self.assertEqual(len(self._get_dates(mailing)), 3)
            with self.assertRefused("too many portions"):
                mailing.action_send()
        self.assertEqual(mailing.state, "draft")

    def test_settings_that_make_no_sense(self):
        mailing = self._make_portions()
        with self.assertRaises(ValidationError):
            mailing.portion_hour = 24
        with mute_logger("odoo.sql_db"), self.assertRaises(Exception) as caught:
            mailing.portion_size = 0
            mailing.flush_recordset()
        self.assertIn("portion_size", str(caught.exception))

    def test_settings_cannot_be_changed_while_it_is_sent(self):
        mailing = self._make_portions()
        self._start(mailing)
        with self.assertRaises(UserError):
            mailing.portion_size = 2

    # === SENDING === #

    def test_each_portion_is_sent_at_its_date(self):
        mailing = self._make_portions()
        campaigns = self._start(mailing)
        self.assertEqual(
            campaigns.mapped("name"),
            ["Portion 1 of 3", "Portion 2 of 3", "Portion 3 of 3"],
        )
        self.assertEqual(campaigns.mapped("state"), ["done", "in_queue", "in_queue"])
        self.assertEqual(len(self.mailjet.sent), 1)
        self.assertEqual(mailing.state, "in_queue")
        self._come(2027, 2, 2, 9, 10)
        self.assertEqual(campaigns.mapped("state"), ["done", "done", "in_queue"])
        self._come(2027, 2, 3, 9, 10)
        self.assertEqual(mailing.state, "done")
        self.assertEqual(mailing.sent_count, 3)
        self.assertEqual([len(emails) for emails in self.mailjet.sent], [1, 1, 1])
        self.assertEqual(len(set.union(*self.mailjet.sent)), 3)

    def test_a_portion_is_prepared_shortly_before_its_date(self):
        self._start(self._make_portions())
        self.assertEqual(len(self.mailjet.lists), 1)
        self._come(2027, 2, 2, 8, 30)
        self.assertEqual(len(self.mailjet.lists), 1)
        self._come(2027, 2, 2, 8, 45)
        self.assertEqual(len(self.mailjet.lists), 2)

    def test_nobody_who_unsubscribes_gets_a_later_portion(self):
        """Whenever they do: before it is prepared, while it is, or once Mailjet holds
        it."""
        for moment in ((2, 1, 12), (2, 2, 8, 45), (2, 2, 8, 55)):
            with self._case(moment=moment):
                self.clock = datetime(2027, 2, 1, 8)
                mailing = self._make_portions(portion_size=2, portion_hour=9)
                campaigns = self._start(mailing)
                (late,) = self._get_rows(campaigns[1])
                self._come(2027, *moment)
                with freeze_time(self.clock):
                    late.partner_id.massmailing_unsubscribed = True
                self._come(2027, 2, 2, 9, 30)
                self.assertEqual(len(self.mailjet.sent[0]), 2)
                reached = set.union(*self.mailjet.sent)
                self.assertNotIn(late.email_normalized, reached)
                self.assertEqual(late.exclusion_reason, "unsubscribed")
                self.assertEqual(late.status, "pending")

    def test_a_portion_whose_recipients_are_all_excluded_is_left_out(self):
        mailing = self._make_portions()
        campaigns = self._start(mailing)
        self._get_rows(campaigns[1]).partner_id.massmailing_unsubscribed = True
        self._come(2027, 2, 4)
        self.assertEqual(campaigns.exists(), campaigns[0] | campaigns[2])
        self.assertEqual(mailing.state, "done")
        self.assertEqual(len(self.mailjet.sent), 2)
        notes = " ".join(mailing.message_ids.mapped("body"))
        self.assertIn("Portion 2 of 3: All of its recipients were excluded", notes)

    def test_those_archived_and_renamed_meanwhile(self):
        """What a portion says is current when it is prepared."""
        mailing = self._make_portions()
        campaigns = self._start(mailing)
        person = self._get_rows(campaigns[1]).partner_id
        other = self._get_rows(campaigns[2]).partner_id
        with freeze_time(self.clock):
            person.name = "Zoe Zinnia"
            other.active = False
        self._come(2027, 2, 4)
        draft = campaigns[1].mailjet_draft_id
        mail = self.mailjet.get_delivered(draft, person.email_normalized)
        self.assertEqual(mail["subject"], "Hello Zoe")
        self.assertEqual(len(self.mailjet.sent), 2)

    def test_properties_stay_those_of_the_mailing_until_all_of_it_is_sent(self):
        first = self._make_portions()
        campaigns = self._start(first)
        self.assertEqual(len(campaigns), 3)
        self._come(2027, 2, 1, 20)
        second = self._make_portions()
        self._start(second)
        self.assertEqual((self._get_slots(first), self._get_slots(second)), ([1], [2]))
        self._come(2027, 2, 3, 20)
        self.assertEqual((first.state, second.state), ("done", "done"))
        third = self._make_portions()
        self._start(third)
        self.assertEqual((self._get_slots(first), self._get_slots(third)), ([], [1]))

    # === THE WHOLE MAILING === #

    def test_a_scheduled_mailing_begins_at_its_time(self):
        mailing = self._make_portions()
        campaigns = self._start(mailing, datetime(2027, 2, 4, 15))
        self.assertEqual(len(campaigns), 1)
        self._come(2027, 2, 4, 14, 50)
        campaigns = mailing.sudo().mailjet_campaign_ids.sorted("sequence")
        self.assertEqual(
            campaigns.mapped("schedule_date"),
            [
                datetime(2027, 2, 4, 15),
                datetime(2027, 2, 5, 9),
                datetime(2027, 2, 6, 9),
            ],
        )
        self._come(2027, 2, 7)
        self.assertEqual(mailing.state, "done")
        self.assertEqual(len(self.mailjet.sent), 3)

    def test_the_rest_can_be_canceled(self):
        mailing = self._make_portions()
        self._start(mailing)
        self.assertTrue(mailing.get_progress()["can_stop"])
        mailing.action_cancel()
        self._come(2027, 2, 4)
        self.assertEqual((mailing.state, mailing.sent_count), ("done", 1))
        self.assertEqual(len(self.mailjet.sent), 1)
        self.assertEqual(mailing.get_follow_up_counts()["remaining"], 2)

    def test_undoing_before_the_first_portion(self):
        self.env.company.mailjet_undo_minutes = 10
        mailing = self._make_portions()
        self._start(mailing)
        self.assertFalse(self.mailjet.sent)
        mailing.action_cancel()
        self._come(2027, 2, 4)
        self.assertEqual(mailing.state, "draft")
        self.assertFalse(self.mailjet.sent)

    @mute_logger(NOTICE)
    def test_a_late_portion_is_asked_about_alone(self):
        self.env.company.mailjet_late_hours = 2
        mailing = self._make_portions()
        campaigns = self._start(mailing)
        self.clock = datetime(2027, 2, 2, 15)
        self._go_on()
        self.assertEqual(campaigns.mapped("needs_confirmation"), [False, True, False])
        self.assertTrue(mailing.needs_confirmation)
        with freeze_time(self.clock):
            mailing.action_send()
        self._go_on()
        self.assertEqual(campaigns.mapped("state"), ["done", "done", "in_queue"])

    def test_only_portions_of_this_month_need_its_quota(self):
        self.clock = datetime(2027, 2, 27, 8)
        mailing = self._make_portions()
        with freeze_time(self.clock):
            self.account.write({"monthly_limit": 10, "sent_this_month": 8})
            self.assertEqual(mailing._count_planned_this_month(), 2)
            self.assertFalse(self._find_quota(mailing))
            self.account.sent_this_month = 9
            self.assertTrue(self._find_quota(mailing))
            self.assertFalse(self._find_quota(mailing, datetime(2027, 3, 1, 8)))

    def _find_quota(self, mailing, date=None):
        from ..models.checks.check_facts import CheckFacts

        Check = self.env["mailjet.check"]
        return list(Check._find_quota(CheckFacts(mailing, date)))

    def _get_rows(self, campaign):
        return self.env["mailjet.recipient"].search([("campaign_id", "=", campaign.id)])
