from datetime import datetime

from odoo.tests import tagged

from .portion_common import PortionCase


@tagged("post_install", "-at_install")
class TestZones(PortionCase):
    """A mailing that is sent at the recipients' local time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.countries = {
            code: cls.env.ref(f"base.{code}").id for code in ("fr", "us", "jp", "de")
        }

    def _make_people(self, *places):
        """Return contacts, each with a time zone and a country."""
        return self.env["res.partner"].create(
            [
                {
                    "name": f"P{number}",
                    "email": f"p{number}@example.com",
                    "tz": tz,
                    "country_id": self.countries.get(country),
                }
                for number, (tz, country) in enumerate(places)
            ]
        )

    def _get_hours(self, mailing, date):
        """Return how many recipients there are by the hour of sending in UTC."""
        mailing = mailing.sudo()._with_own_values({"schedule_date": date})
        divisions = mailing._get_divisions()
        hours = {}
        for number, count in mailing._count_parts(divisions).items():
            values = mailing._get_part(divisions, number).values
            hours[values["schedule_date"] and values["schedule_date"].hour] = count
        return hours

    def test_whose_time_zone_is_meant(self):
        noon = datetime(2027, 2, 4, 12)
        self.user.tz = "Europe/Paris"
        for place, hour in (
            ((False, False), 12),
            (("Asia/Tokyo", False), 4),
            (("Asia/Tokyo", "jp"), 4),
            ((False, "jp"), 4),
            # The time zone of the user who created the contact.
            (("Europe/Paris", "jp"), 4),
            (("Europe/Paris", "us"), 18),
            ((False, "us"), 18),
            (("America/Los_Angeles", "us"), 21),
            (("US/Pacific", "us"), 21),
            (("Europe/Berlin", "fr"), 12),
        ):
            with self.subTest(place=place):
                people = self._make_people(place)
                mailing = self._make_mailing(people, in_recipient_zone=True)
                self.assertEqual(self._get_hours(mailing, noon), {hour: 1})

    def test_a_lead_without_a_contact_has_the_zone_of_its_country(self):
        lead = self._make_lead("lead@example.com", country_id=self.countries["jp"])
        mailing = self._make_mailing(
            lead, recipient_type="lead", in_recipient_zone=True
        )
        noon = datetime(2027, 2, 4, 12)
        self.assertEqual(self._get_hours(mailing, noon), {3: 1})

    def test_it_is_sent_in_few_campaigns(self):
        people = self._make_people(
            (False, "fr"), (False, "de"), ("Asia/Tokyo", False), (False, "jp")
        )
        mailing = self._make_mailing(people, in_recipient_zone=True)
        self._start(mailing, datetime(2027, 2, 4, 12))
        self._come(2027, 2, 4, 2, 45)
        campaigns = mailing.sudo().mailjet_campaign_ids.sorted("schedule_date")
        self.assertEqual(campaigns.mapped("name"), ["UTC+09:00", "UTC+01:00"])
        self.assertEqual(campaigns.mapped("planned_count"), [2, 2])
        self._come(2027, 2, 4, 3, 15)
        self.assertEqual(self.mailjet.sent, [{"p2@example.com", "p3@example.com"}])
        self._come(2027, 2, 4, 11, 15)
        self.assertEqual(mailing.state, "done")
        self.assertEqual(len(self.mailjet.sent), 2)

    def test_where_the_time_has_passed_it_is_sent_at_once(self):
        people = self._make_people((False, "fr"), (False, "jp"))
        mailing = self._make_mailing(people, in_recipient_zone=True)
        self._start(mailing, datetime(2027, 2, 1, 12))
        self.assertEqual(self.mailjet.sent, [{"p1@example.com"}])
        self.assertFalse(mailing.needs_confirmation)
        self._come(2027, 2, 1, 11, 15)
        self.assertEqual(mailing.state, "done")

    def test_a_mailing_that_is_sent_now_has_no_time_of_day(self):
        people = self._make_people((False, "fr"), (False, "jp"))
        mailing = self._make_mailing(people, in_recipient_zone=True)
        self.assertEqual(mailing._get_divisions(), [])

    def test_portions_at_the_local_time(self):
        people = self._make_people(*[(False, "fr"), (False, "jp")] * 2)
        mailing = self._make_portions(people, portion_size=2, in_recipient_zone=True)
        campaigns = self._start(mailing)
        self.assertEqual(sum(campaigns.mapped("planned_count")), 4)
        second = campaigns.filtered(lambda row: "2 of 2" in row.name)
        self.assertLessEqual(
            set(second.mapped("schedule_date")),
            {datetime(2027, 2, 2, 8), datetime(2027, 2, 2, 0)},
        )
        self._come(2027, 2, 2, 9)
        self.assertEqual(mailing.state, "done")
        self.assertEqual(len(set.union(*self.mailjet.sent)), 4)

    def test_a_change_of_the_clocks_between_two_portions(self):
        """Paris and Lagos have the same time in winter only."""
        people = self._make_people(("Europe/Paris", False), ("Africa/Lagos", False))
        mailing = self._make_portions(people, in_recipient_zone=True)
        mailing = mailing.sudo()._with_own_values(
            {"schedule_date": datetime(2027, 3, 27, 12)}
        )
        divisions = mailing._get_divisions()
        dates = {
            mailing._get_part(divisions, number).values["schedule_date"]
            for number in range(len(divisions[0]) * len(divisions[1]))
        }
        self.assertIn(datetime(2027, 3, 28, 7), dates)
        self.assertIn(datetime(2027, 3, 28, 8), dates)
