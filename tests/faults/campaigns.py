"""Mailings that are sent as several campaigns, and those who look after them."""

from readers import PLANNED
from servers import Refusal, wait_until

# How a mailing may be divided; of some ways there are several.
KINDS = {
    "once": [None],
    "portions": [4, 6, 9, 12],  # emails a day
    "letters": [1, 2, 3],  # versions beside the mailing's own email
    "canary": [10, 30],  # percent
    "salespersons": [None],
}
ACTS = {
    "hold": "action_hold",
    "release": "action_release",
    "move": "action_move",
    "cancel": "action_cancel",
}
ACTS_ON_MAILING = {
    "retry": "action_retry",
    "schedule": "action_schedule",
    "undo": "action_cancel",
    "choose": "action_choose_winner",
    "send the rest": "action_send_rest",
}
DATED = ("move", "schedule")
MINUTES = 90  # from now on, to which campaigns and mailings are moved
SALESPERSONS = 3


def make_salespersons(rig):
    """Give most of the readers one of three salespersons."""
    users = [
        {
            "name": f"Seller {number}",
            "login": f"seller{number}",
            "email": f"seller{number}@example.com",
        }
        for number in range(SALESPERSONS)
    ]
    users = rig.admin.call("res.users", "create", users)
    readers = rig.admin.call("res.partner", "search", [("ref", "=", "fault")])
    for number, user in enumerate(users):
        chosen = readers[number :: SALESPERSONS + 1]
        rig.admin.call("res.partner", "write", chosen, {"user_id": user})


def make_mailing(rig, kind, choice):
    """Return a mailing that is divided like that."""
    values = {
        "portions": {
            "send_mode": "portions",
            "portion_size": choice,
            "portion_working_days": False,
        },
        "canary": {"send_mode": "canary", "canary_share": choice},
        "letters": {"ab_share": 50},
        "salespersons": {"from_salesperson": True},
    }
    mailing = rig.make_mailing(**values.get(kind, {}))
    for _version in range(choice if kind == "letters" else 0):
        rig.user.call("mailjet.mailing", "action_add_letter", [mailing])
    return mailing


class Person:
    """Whoever looks after a mailing: does what comes to mind, and in the end whatever
    it takes to get it sent."""

    def __init__(self, rig, mailing):
        self.rig, self.mailing = rig, mailing
        self.canceled = set()  # addresses that need not get it any more

    def do(self, act, number=0):
        """Do something to the mailing, or to the campaign of that number; return
        whether it was possible."""
        campaigns = self._get_campaigns()
        if act in ACTS and not campaigns:
            return False
        campaign = campaigns[number % len(campaigns)]["id"] if campaigns else None
        people = self._get_people(campaign)
        try:
            self._call(act, campaign)
        except Refusal:
            return False
        if act == "cancel":
            self.canceled |= people
        elif act == "undo":
            self.canceled |= PLANNED - self._get_sent()
        return True

    def assert_received_once(self):
        """Check that nobody got two emails and everyone one whose email nobody has
        canceled, and that Odoo knows."""
        wait_until(self._is_known, 20, "Mailjet has sent everything")
        received = self._get_received()
        assert len(received) == len(set(received)), self.rig.history()
        assert PLANNED - self.canceled <= set(received) <= PLANNED, self.rig.history()

    def _call(self, act, campaign):
        args = [self.rig.clock.get_hour(MINUTES)] if act in DATED else []
        if act in ACTS:
            return self.rig.user.call("mailjet.campaign", ACTS[act], [campaign], *args)
        if act == "choose":
            args = ["b"]
        method = ACTS_ON_MAILING.get(act, "action_send")
        return self.rig.user.call("mailjet.mailing", method, [self.mailing], *args)

    def find_next(self):
        """Return what the mailing waits for, as an act and the number of a campaign;
        ``("", 0)`` once it is settled, None while it goes on by itself."""
        state = self.rig.state(self.mailing)
        if state == "done":
            return "", 0
        if state in ("draft", "cancelled"):
            return "send", 0
        campaigns = self._get_campaigns()
        for number, campaign in enumerate(campaigns):
            if campaign["state"] == "failed":
                return "retry", number
            if campaign["is_stopping"]:
                continue
            if campaign["needs_confirmation"]:
                return "send", number
            if campaign["is_on_hold"]:
                return "release", number
        # Nobody but a person decides once what was to be tried is canceled: they have
        # to be told.
        is_tried = any(campaign["is_tried"] for campaign in campaigns)
        if not is_tried and self._was_told():
            for number, campaign in enumerate(campaigns):
                if campaign["awaits_winner"]:
                    return "choose", number
                if campaign["awaits_decision"]:
                    return "send the rest", number
        return None

    def _get_campaigns(self):
        names = (
            *("id", "state", "needs_confirmation", "is_on_hold"),
            *("awaits_winner", "awaits_decision", "is_tried", "is_stopping"),
        )
        rows = self.rig.sql(
            "SELECT id, state, needs_confirmation, is_on_hold, awaits_winner,"
            " awaits_decision, letter IS NOT NULL OR is_canary,"
            " delivery_step IN ('unschedule', 'release') FROM mailjet_campaign"
            " WHERE mailing_id = %s ORDER BY sequence, id",
            self.mailing,
        )
        return [dict(zip(names, row, strict=True)) for row in rows]

    def _was_told(self):
        return self.rig.sql(
            "SELECT id FROM mail_activity WHERE res_model = 'mailjet.mailing'"
            " AND res_id = %s",
            self.mailing,
        )

    def _get_people(self, campaign):
        return self._get_addresses("campaign_id = %s", campaign)

    def _get_sent(self):
        return self._get_addresses("status = 'sent'")

    def _get_addresses(self, condition, *values):
        rows = self.rig.sql(
            "SELECT email_normalized FROM mailjet_recipient WHERE verdict = 'send'"
            f" AND mailing_id = %s AND {condition}",
            self.mailing,
            *values,
        )
        return {email for (email,) in rows}

    def _get_received(self):
        messages = self.rig.sandbox.messages(kind="campaign", limit=1000)
        return [message["to"] for message in messages]

    def _is_known(self):
        return set(self._get_received()) == self._get_sent()
