from collections import Counter
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from ..models.mailjet_mailing_campaigns import Part
from .common import DeliveryCase


def _by_field(name, *values):
    """Return a division by a field of the contacts: a part for each value, whose
    subject says so, and one for the rest."""
    return [
        *(
            Part(
                value,
                {"own_values": {"subject" if name == "city" else "preview": value}},
                SQL("record.%s = %s", SQL.identifier(name), value),
            )
            for value in values
        ),
        Part("", {}),
    ]


@tagged("post_install", "-at_install")
class TestDivisions(DeliveryCase):
    """Several divisions of one mailing's recipients, and order by lot."""

    def setUp(self):
        super().setUp()
        self.divisions = []
        self.startPatcher(
            patch.object(
                self.registry["mailjet.mailing"],
                "_get_divisions",
                lambda mailing, person=None: self.divisions,
            )
        )

    def _make_people(self, *places):
        return self.env["res.partner"].create(
            [
                {
                    "name": f"P{number}",
                    "email": f"p{number}@example.com",
                    "city": city,
                    "zip": code,
                }
                for number, (city, code) in enumerate(places)
            ]
        )

    def test_each_combination_of_parts_is_a_campaign(self):
        self.divisions = [_by_field("city", "Oslo", "Bern"), _by_field("zip", "1", "2")]
        people = self._make_people(
            ("Oslo", "1"), ("Oslo", "2"), ("Bern", "2"), ("Oslo", "1"), ("Rome", "9")
        )
        mailing = self._make_mailing(people)
        mailing.action_send()
        for _run in range(3):
            self._run_later(minutes=1)
        campaigns = mailing.sudo().mailjet_campaign_ids.sorted("sequence")
        self.assertEqual(
            campaigns.mapped("name"), ["Oslo · 1", "Oslo · 2", "Bern · 2", ""]
        )
        self.assertEqual(campaigns.mapped("planned_count"), [2, 1, 1, 1])
        self.assertEqual(
            campaigns.mapped("own_values"),
            [
                {"subject": "Oslo", "preview": "1"},
                {"subject": "Oslo", "preview": "2"},
                {"subject": "Bern", "preview": "2"},
                False,
            ],
        )
        self.assertEqual(
            sorted(map(sorted, self.mailjet.sent)),
            [
                ["p0@example.com", "p3@example.com"],
                ["p1@example.com"],
                ["p2@example.com"],
                ["p4@example.com"],
            ],
        )

    def test_no_part_takes_over_values_of_another(self):
        mailing = self._make_mailing(self.people)
        contents = []
        for own in ({"subject": "Hei", "preview": "Nytt"}, {"subject": "Hallo"}):
            content = mailing._with_own_values(own)
            contents.append((content.subject, content.preview))
        self.assertEqual(contents, [("Hei", "Nytt"), ("Hallo", False)])

    def test_the_preview_is_of_the_part_that_a_person_is_in(self):
        self.divisions = [_by_field("city", "Oslo")]
        people = self._make_people(("Oslo", "1"), ("Rome", "2"))
        mailing = self._make_mailing(people)
        mailing.subject = "Other"
        shown = {}
        for person in (*people, *self._get_rows(mailing)):
            subject, *_rest = mailing._render_message(person)
            shown.setdefault(person._name, []).append(subject)
        self.assertEqual(
            shown,
            {"res.partner": ["Oslo", "Other"], "mailjet.recipient": ["Oslo", "Other"]},
        )
        self.assertEqual(mailing._render_message()[0], "Other")

    def test_values_of_one_part_do_not_stay_for_the_next(self):
        mailing = self._make_mailing(self.people, preview="Ours")
        first = mailing._with_own_values(
            {"subject": "Oslo", "reply_to": "o@example.com"}
        )
        self.assertEqual(first.subject, "Oslo")
        second = mailing._with_own_values({"preview": "Theirs"})
        self.assertEqual(second.subject, mailing.subject)
        self.assertFalse(second.reply_to)
        self.assertEqual(second.preview, "Theirs")
        self.assertEqual(second._origin, mailing)
        self.assertEqual(mailing.preview, "Ours")

    def test_the_preview_draws_no_lots(self):
        first = Part("First", {"own_values": {"subject": "Lot"}}, SQL("TRUE"), True)
        self.divisions = [[first, Part("", {})]]
        mailing = self._make_mailing(self.people)
        self.assertEqual(mailing._get_content_for(self.ann), mailing)

    # === LOTS === #

    def test_lots_number_the_rows_to_send(self):
        self.bob.massmailing_unsubscribed = True
        mailing = self._make_mailing(self.people)
        spots = self._get_spots(mailing)
        rows = self._get_rows(mailing).filtered(lambda row: row.verdict == "send")
        self.assertEqual(spots.keys(), set(rows.ids))
        self.assertEqual(set(spots.values()), {(1, 2), (2, 2)})
        self.assertEqual(spots, self._get_spots(mailing))

    def _make_readers(self, **counts):
        """Create contacts with addresses of these providers, as many of each."""
        return self.env["res.partner"].create(
            [
                {"name": f"{name}{number}", "email": f"p{number}@{name}.example.com"}
                for name, count in counts.items()
                for number in range(count)
            ]
        )

    def _draw_first(self, people, count):
        """Return how many of the first that are drawn are at each provider."""
        mailing = self._make_mailing(people)
        spots = self._get_spots(mailing)
        first = [row for row in self._get_rows(mailing) if spots[row.id][0] <= count]
        self.assertEqual(len(first), count)
        return Counter(row.email.partition("@")[2].split(".")[0] for row in first)

    def test_the_first_of_the_lots_are_a_share_of_each_provider(self):
        """Of 40 and 20, the first 6 are 4 and 2, or 1 more or less, by where chance
        begins."""
        first = self._draw_first(self._make_readers(a=40, b=20), 6)
        self.assertAlmostEqual(first["a"], 4, delta=1)
        self.assertAlmostEqual(first["b"], 2, delta=1)

    def test_addresses_that_are_alone_at_their_provider_come_first_and_last(self):
        """Chance decides how many of them are in the first half: hardly ever less than
        a quarter, or more than three."""
        lone = {f"n{number}": 1 for number in range(60)}
        first = self._draw_first(self._make_readers(a=60, **lone), 60)
        self.assertAlmostEqual(first.total() - first["a"], 30, delta=15)

    def test_another_mailing_draws_other_lots(self):
        people = self._make_people(*[("Oslo", "1")] * 20)
        orders = []
        for mailing in (self._make_mailing(people), self._make_mailing(people)):
            spots = self._get_spots(mailing)
            rows = self._get_rows(mailing)
            orders.append([spots[row.id] for row in rows.sorted("email")])
        self.assertNotEqual(*orders)

    def _get_rows(self, mailing):
        return self.env["mailjet.recipient"].search([("mailing_id", "=", mailing.id)])

    def _get_spots(self, mailing):
        """Return the position and the total of each row, by its id."""
        self.env.flush_all()
        statement = SQL("SELECT id, position, total FROM %s s", mailing._select_spots())
        return {
            row: (position, total)
            for row, position, total in self.env.execute_query(statement)
        }
