from .feedback_common import FeedbackCase

# What happens to a recipient whose address begins like that.
FATES = {
    "unread": ["sent"],
    "reader": ["sent", "open"],
    "robot": ["sent", "machine"],
    "clicker": ["sent", "open", "click", "other click"],
    "gone": ["hard"],
    "full": ["soft"],
    "late": ["soft", "sent"],
    "refused": ["blocked"],
    "angry": ["sent", "spam"],
    "leaver": ["sent", "open", "unsub"],
}
# Who is behind each figure; ann, bob and cat got the e-mail, and no news came of it.
SILENT = {"ann", "bob", "cat"}
ARRIVED = {"unread", "reader", "robot", "clicker", "late", "angry", "leaver"}
BEHIND = {
    "planned_count": {*FATES, *SILENT},
    "sent_count": {*FATES, *SILENT},
    "failed_count": set(),
    "delivered_count": ARRIVED,
    "unmeasured_count": set(),
    "opened_count": {"reader", "clicker", "leaver"},
    "machine_opened_count": {"robot"},
    "clicked_count": {"clicker"},
    "bounced_count": {"gone", "full"},
    "blocked_count": {"refused"},
    "complaint_count": {"angry"},
    "optout_count": {"leaver"},
}


class StatisticsCase(FeedbackCase):
    """A mailing whose recipients met every fate there is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fates = cls.env["res.partner"].create(
            [{"name": name, "email": f"{name}@example.com"} for name in FATES]
        )
        cls.people |= cls.fates

    def setUp(self):
        super().setUp()
        self._receive(
            *(
                self._event(kind, f"{name}@example.com", minute)
                for name, kinds in FATES.items()
                for minute, kind in enumerate(kinds)
            )
        )
        self._apply()
        self.seen = self.mailing.with_user(self.user)

    def _make_sent(self, sent_date, **values):
        """Return another mailing that was sent, with the figures given."""
        mailing = self._make_mailing().sudo()
        mailing.write({"state": "done", "sent_date": sent_date, **values})
        return mailing

    def _people(self, action):
        """Return the first part of the addresses that an action shows the user."""
        rows = self.env[action["res_model"]].with_user(self.user)
        found = rows.search(action["domain"])
        return sorted(row.email_normalized.partition("@")[0] for row in found)
