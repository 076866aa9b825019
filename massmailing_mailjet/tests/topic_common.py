from datetime import datetime

from freezegun import freeze_time

from .feedback_common import FeedbackCase

NOW = datetime(2026, 3, 9, 8, 0)
PROOF = {
    "ip": "198.51.100.7",
    "agent": "Firefox",
    "mailing_id": None,
    "reason": None,
    "comment": None,
}


class TopicCase(FeedbackCase):
    """A company with two topics, and what an address leaves of them."""

    def setUp(self):
        super().setUp()
        clock = freeze_time(NOW)
        self.clock = clock.start()
        self.addCleanup(clock.stop)
        self.offers, self.events = (
            self.env["mailjet.topic"]
            .with_user(self.manager)
            .create([{"name": "Offers"}, {"name": "Events"}])
            .sudo()
        )
        self.store = self.env["mailjet.consent"].sudo()

    def _leave(self, *topics, email="ann@example.com", **values):
        """Opt an address out of topics, by a program."""
        self.store._opt_out(
            [
                {
                    "email": email,
                    "cause": "unsubscribed",
                    "topic_id": topic.id,
                    "date": NOW,
                    **values,
                }
                for topic in topics
            ],
            "program",
        )

    def _pause(self, until_date, email="ann@example.com"):
        self.store._opt_out(
            [
                {
                    "email": email,
                    "cause": "paused",
                    "date": NOW,
                    "until_date": until_date,
                }
            ],
            "program",
        )

    def _choose(self, everything=False, topics=(), until=None, email=None, **proof):
        """Let the recipient choose on the preference page."""
        self.store._change_by_recipient(
            email or "ann@example.com",
            self.env.company,
            everything,
            {topic.id for topic in topics},
            until,
            {**PROOF, **proof},
        )

    def _find_stored(self, *domain):
        """Return what is stored about Ann's address."""
        return self.store.search([("email", "=", "ann@example.com"), *domain])

    def _read(self, email="ann@example.com", company=None):
        """Return the subscription as a cause, topics and a date."""
        found = self.store._get_subscription(email, company or self.env.company)
        everything = found["everything"] and found["everything"]["cause"]
        topics = self.env["mailjet.topic"].browse(found["topics"])
        return everything, set(topics.mapped("name")), found["paused_until"]
