from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ...const import ACTIVE_STATES
from ..composition.mailjet_version import LETTERS
from ..counting import say_count
from ..mailjet_mailing_campaigns import Part
from ..sentence import say

_lt = LazyTranslate(__name__)

# Fields of the test: frozen like the content.
TEST_FIELDS = {"ab_share", "ab_criterion", "ab_hours"}


class MailjetMailing(models.Model):
    """An A/B test: each version goes to an equal number of recipients, who are drawn by
    lot, and the best of them to all others after some hours, or when a user says so.

    Recipients who get a translation take no part in it.
    """

    _inherit = "mailjet.mailing"

    has_ab_test = fields.Boolean(
        string="Has an A/B test", compute="_compute_has_ab_test"
    )
    ab_share = fields.Integer(
        string="Recipients in the test (%)",
        default=20,
        help="They are drawn by lot, and divided equally between the versions.",
    )
    ab_criterion = fields.Selection(
        [
            ("clicked", "Most clicks"),
            ("opened", "Most opens"),
            ("leads", "Most leads"),
            ("manual", "I choose it"),
        ],
        string="Winner",
        required=True,
        default="clicked",
    )
    ab_hours = fields.Integer(
        string="Chosen after (hours)",
        default=4,
        help="Counted from when the last version of the test was sent. If you choose "
        "the winner, you are reminded then.",
    )
    ab_asked_date = fields.Datetime(
        string="Asked to choose on", readonly=True, copy=False
    )
    ab_winner = fields.Selection(
        [("a", "A"), *LETTERS], string="Winning version", readonly=True, copy=False
    )
    ab_decided_by_id = fields.Many2one(
        "res.users",
        string="Chosen by",
        readonly=True,
        copy=False,
        help="Empty if it was chosen automatically.",
    )
    ab_decided_date = fields.Datetime(string="Chosen on", readonly=True, copy=False)
    ab_figures = fields.Json(
        string="Figures of the A/B test", readonly=True, copy=False
    )

    _ab_share_valid = models.Constraint(
        "CHECK(ab_share BETWEEN 1 AND 100)",
        "The test is with 1 to 100 % of the recipients.",
    )
    _ab_hours_valid = models.Constraint(
        "CHECK(ab_hours BETWEEN 1 AND 720)",
        "The winner is chosen after 1 to 720 hours.",
    )

    @api.depends("version_ids.letter")
    def _compute_has_ab_test(self):
        for mailing in self:
            mailing.has_ab_test = bool(mailing._get_letters())

    def write(self, vals):
        if TEST_FIELDS & vals.keys() and not self.env.su:
            self._check_editable()
        return super().write(vals)

    # === ACTION METHODS === #

    def action_add_letter(self):
        """Let the test be sent all at once: its versions would not be comparable."""
        action = super().action_add_letter()
        self.write({"send_mode": "once", "in_recipient_zone": False})
        return action

    def action_choose_winner(self, letter):
        """Send a version of the test to all recipients who are not part of it.

        :param str letter: ``a`` for the mailing's own email
        :raise UserError: if nobody is waiting for it
        """
        self.ensure_one()
        self.check_access("write")
        mailing = self.sudo()
        mailing._assert_state(ACTIVE_STATES)
        if letter not in mailing._list_letters() or not mailing._get_waiting():
            raise UserError(
                self.env._("The winner of this test was chosen already.")
                if self.ab_winner
                else self.env._("This version cannot be sent to the others now.")
            )
        mailing._choose_winner(letter, self.env.user)
        return True

    # === DIVISION === #

    def _list_letters(self):
        """Return the versions of the test by letter, an empty record for the mailing's
        own."""
        letters = self._get_letters()
        return {
            "a": letters.browse(),
            **{version.letter: version for version in letters},
        }

    def _get_own_parts(self):
        versions = self._list_letters()
        if len(versions) < 2:
            return super()._get_own_parts()
        size = SQL(
            "GREATEST(ceil(spot.total * %s / 100.0), %s)", self.ab_share, len(versions)
        )
        Version = self.env["mailjet.version"]
        tested = [
            Part(
                Version._say_letter(letter),
                {"version_id": version.id, "letter": letter},
                SQL(
                    "spot.position <= %s AND spot.position %% %s = %s",
                    size,
                    len(versions),
                    index,
                ),
                True,
            )
            for index, (letter, version) in enumerate(versions.items())
        ]
        return [*tested, Part(say(self.env, _lt("Winner")), {"awaits_winner": True})]

    def _get_date_divisions(self):
        return [] if self._get_letters() else super()._get_date_divisions()

    def _say_wait(self, values):
        if not values.get("awaits_winner"):
            return super()._say_wait(values)
        if self.ab_criterion == "manual":
            return self.env._("Once the winner is chosen")
        return say_count(
            self.env,
            self.ab_hours,
            self.env._("%(count)s hour after the test"),
            self.env._("%(count)s hours after the test"),
        )

    # === DECISION === #

    def _get_fresh_values(self):
        return {**super()._get_fresh_values(), "ab_asked_date": False}

    def _get_waiting(self):
        """Return the campaigns to those who get the winner."""
        return self.mailjet_campaign_ids.filtered("awaits_winner")

    def _sum_campaigns(self):
        result = super()._sum_campaigns()
        for mailing in self:
            mailing._plan_decision()
        return result

    def _plan_decision(self):
        """Have the winner chosen some hours after the last version was sent."""
        waiting = self._get_waiting()
        tested = self.mailjet_campaign_ids.filtered("letter")
        if not waiting or not tested or self.ab_asked_date:
            return
        if any(campaign.state != "done" for campaign in tested):
            return
        if not any(waiting.mapped("next_action_date")):
            date = max(tested.mapped("sent_date"))
            waiting[0]._set_next_action(date + timedelta(hours=self.ab_hours))

    def _get_step_label(self):
        if self._get_waiting() and self.state == "in_queue":
            return self.env._("Waiting for the result of the A/B test")
        return super()._get_step_label()

    def _conclude_test(self):
        """Choose the winner, or ask the responsible to do so, once."""
        if self.ab_criterion != "manual":
            return self._choose_winner(None)
        self.ab_asked_date = fields.Datetime.now()
        self._get_waiting().write({"next_action_date": False})
        return self._notify_responsible(
            self.env._("The A/B test is over: choose the version for the others."),
            self.env._("Open the mailing, compare the figures and choose the winner."),
        )

    def _find_winner(self):
        """Return the letter of the best version, and the figures by which it is: see
        the reporting room."""
        return "a", {}

    def _choose_winner(self, letter, user=None):
        """Send the mailing in that version to all who are not part of the test.

        :param user: who has chosen it; None if its figures have
        """
        best, figures = self._find_winner()
        letter = letter or best
        self.write(
            {
                "ab_winner": letter,
                "ab_decided_by_id": user and user.id,
                "ab_decided_date": fields.Datetime.now(),
                "ab_figures": figures,
            }
        )
        waiting = self._get_waiting()
        for campaign in waiting:
            campaign._send_version(self._list_letters()[letter])
            campaign._settle_notice()
        self.message_post(body=self._say_choice(letter, user))

    def _say_choice(self, letter, user):
        version = self.env["mailjet.version"]._name_letter(letter)
        if not user:
            return self.env._(
                "%(version)s was chosen automatically and is sent to the others.",
                version=version,
            )
        return self.env._(
            "%(version)s was chosen by %(user)s and is sent to the others.",
            version=version,
            user=user.name,
        )
