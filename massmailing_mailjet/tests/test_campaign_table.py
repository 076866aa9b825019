from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .portion_common import PortionCase


@tagged("post_install", "-at_install")
class TestCampaignTable(PortionCase):
    """The table of a mailing's campaigns, and what is asked before sending."""

    def _get_table(self, mailing, **settings):
        with freeze_time(self.clock):
            return mailing.with_user(self.user).get_campaign_table(settings)

    def _get_columns(self, mailing, *names, **settings):
        rows = self._get_table(mailing, **settings)["rows"]
        return [tuple(row[name] for name in names) for row in rows]

    def test_a_mailing_that_is_one_campaign_has_none(self):
        mailing = self._make_mailing(self.people)
        nothing = {"rows": [], "problem": ""}
        self.assertEqual(self._get_table(mailing), nothing)
        self._start(mailing)
        self.assertEqual(self._get_table(mailing), nothing)

    def test_the_plan(self):
        mailing = self._make_portions(portion_size=2)
        self.assertEqual(
            self._get_columns(mailing, "name", "date", "planned", "label", "actions"),
            [
                ("Portion 1 of 2", False, 2, "Planned", []),
                ("Portion 2 of 2", "2027-02-02 09:00:00", 1, "Planned", []),
            ],
        )

    def test_a_single_portion(self):
        mailing = self._make_portions(portion_size=5)
        names = ("name", "date", "planned")
        expected = [("All recipients", False, 3)]
        self.assertEqual(self._get_columns(mailing, *names), expected)
        self._start(mailing)
        self.assertEqual(
            self._get_columns(mailing, "name", "label", "sent"),
            [("All recipients", "Sent", 3)],
        )

    def test_the_plan_is_of_what_the_form_shows(self):
        mailing = self._make_mailing(self.people)
        settings = {
            "send_mode": "portions",
            "portion_size": 1,
            "portion_working_days": False,
            "portion_hour": 10,
        }
        self.assertEqual(
            self._get_columns(mailing, "date", **settings),
            [(False,), ("2027-02-02 10:00:00",), ("2027-02-03 10:00:00",)],
        )
        # Nothing else of the mailing can be chosen so.
        self._get_table(mailing, subject="Other", **settings)
        self.assertEqual(mailing.send_mode, "once")
        self.assertEqual(mailing.subject, "Hello $contacts-firstname$")
        for size in (0, -1):
            settings["portion_size"] = size
            self.assertEqual(len(self._get_columns(mailing, "date", **settings)), 3)

    def test_the_plan_of_what_is_scheduled(self):
        mailing = self._make_portions()
        self._start(mailing, datetime(2027, 2, 4, 15))
        self.assertEqual(
            self._get_columns(mailing, "date", send_mode="once")[:2],
            [("2027-02-04 15:00:00",), ("2027-02-05 09:00:00",)],
        )

    def test_what_decides_in_place_of_a_date(self):
        mailing = self._make_mailing(self.people, send_mode="canary", canary_hours=1)
        wait = "1 hour after the first share"
        expected = [(False, ""), (False, wait)]
        self.assertEqual(self._get_columns(mailing, "date", "wait"), expected)
        mailing.action_add_letter()
        mailing.write({"ab_share": 50, "ab_hours": 4})
        self.assertEqual(
            self._get_columns(mailing, "name", "date", "wait")[-1],
            ("Winner", False, "4 hours after the test"),
        )
        mailing.ab_criterion = "manual"
        waits = self._get_columns(mailing, "wait")
        self.assertEqual(waits[-1], ("Once the winner is chosen",))

    def test_what_decides_on_a_campaign(self):
        mailing = self._make_mailing(self.people, send_mode="canary", canary_hours=2)
        self._start(mailing)
        (first, rest) = self._get_columns(mailing, "date", "wait")
        self.assertTrue(first[0])
        self.assertEqual(first[1], "")
        self.assertEqual(rest, (False, "2 hours after the first share"))
        mailing.sudo().canary_excess = ["bounced"]
        waits = self._get_columns(mailing, "wait")
        self.assertEqual(waits, [("",), ("Once someone decides on it",)])
        mailing.action_send_rest()
        self._go_on()
        self.assertEqual(self._get_columns(mailing, "wait"), [("",), ("",)])

    def test_too_many_portions_are_a_problem(self):
        self.env["res.partner"].create(
            [{"name": f"P{n}", "email": f"p{n}@example.com"} for n in range(51)]
        )
        people = self.env["res.partner"].search([("name", "=like", "P%")])
        table = self._get_table(self._make_portions(people))
        self.assertEqual(table["rows"], [])
        self.assertIn("Choose larger portions", table["problem"])

    def test_the_progress_of_each_campaign(self):
        mailing = self._make_portions()
        campaigns = self._start(mailing)
        self._act(campaigns[1], "hold")
        names = ("id", "label", "sent", "actions")
        self.assertEqual(
            self._get_columns(mailing, *names),
            [
                (campaigns[0].id, "Sent", 1, []),
                (campaigns[1].id, "On hold", 0, ["release", "move", "cancel"]),
                (campaigns[2].id, "Planned", 0, ["hold", "move", "cancel"]),
            ],
        )
        self._come(2027, 2, 3, 8, 55)
        self.assertEqual(
            self._get_columns(mailing, "label")[2], ("Scheduled at Mailjet",)
        )

    def test_who_may_see_it(self):
        mailing = self._make_portions()
        self._start(mailing)
        for user in (
            new_test_user(self.env, "employee", "base.group_user"),
            self._make_stranger(),
        ):
            with self.assertRaises(AccessError):
                mailing.with_user(user).get_campaign_table()

    # === DIALOGS === #

    def _get_wizard(self, model, mailing, **values):
        return (
            self.env[model]
            .with_user(self.user)
            .create({"mailing_id": mailing.id, **values})
        )

    def test_what_the_dialogs_say(self):
        people = self.people | self.env["res.partner"].create(
            {"name": "Dan", "email": "dan@example.com"}
        )
        mailing = self._make_portions(people, portion_size=2)
        with freeze_time(self.clock):
            wizard = self._get_wizard("mailjet.mailing.send", mailing)
            self.assertRegex(
                wizard.dates,
                r"2 portions of up to 2 emails, from 2/1/27.* to 2/2/27.*9",
            )
            later = self._get_wizard(
                "mailjet.mailing.schedule", mailing, schedule_date="2027-02-09 12:00:00"
            )
            self.assertRegex(later.dates, r"from 2/9/27.* to 2/10/27")
            mailing.portion_size = 10
            self.assertRegex(
                self._get_wizard("mailjet.mailing.send", mailing).dates,
                r"^1 portion, on 2/1/27",
            )

    def test_the_dialogs_say_whose_time_is_meant(self):
        mailing = self._make_mailing(self.people, in_recipient_zone=True)
        with freeze_time(self.clock):
            now = self._get_wizard("mailjet.mailing.send", mailing)
            later = self._get_wizard("mailjet.mailing.schedule", mailing)
            self.assertFalse(now.dates)
            self.assertIn("each recipient's time zone", later.dates)
