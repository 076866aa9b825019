from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ...const import RECIPIENT_CAUSES
from .mailjet_consent import read_address


class MailjetConsent(models.Model):
    """What managers enter for recipients who have asked them: that an address leaves
    everything or a topic, or pauses."""

    _inherit = "mailjet.consent"

    @api.model_create_multi
    def create(self, vals_list):
        """Opt addresses out, as typed or from a file; what is in force already is left
        unchanged.

        :raise ValidationError: saying what is wrong with an entry
        """
        self.check_access("create")
        opt_outs = [self._read_entry(vals) for vals in vals_list]
        self._opt_out(opt_outs, self._get_entry_source())
        # `_opt_out` has written all of them in one statement.
        left = super().create([])
        return left.union(*map(self._find_entered, opt_outs))

    @api.model
    def _get_entry_source(self):
        return self.env["mailjet.unsubscribe.mixin"]._get_consent_source()

    @api.model
    def _read_entry(self, vals):
        """Return the opt-out that a user has typed.

        :raise ValidationError: if it has no address, a topic and a pause, another
            cause, or a pause that is over
        """
        email = read_address(self.env, vals.get("email") or "")
        topic = self._read_topic(vals.get("topic_id"))
        until_date = self._read_pause(email, vals.get("until_date"))
        if topic and until_date:
            raise ValidationError(
                self.env._(
                    "%s cannot leave a topic and pause at once. Enter one after the "
                    "other.",
                    email,
                )
            )
        cause = RECIPIENT_CAUSES[bool(until_date)]
        if vals.get("cause", cause) != cause:
            raise ValidationError(
                self.env._(
                    "Only an unsubscription, or a pause with its end, can be entered "
                    "for %s. Leave the cause empty.",
                    email,
                )
            )
        return {
            "email": email,
            "cause": cause,
            "topic_id": topic.id,
            "until_date": until_date,
            "date": fields.Datetime.now(),
            "reason": vals.get("reason"),
        }

    @api.model
    def _read_topic(self, topic_id):
        """Return the topic of an entry, if it has one.

        :raise AccessError: if the user may not see it
        """
        topic = self.env["mailjet.topic"].browse(topic_id or []).exists()
        if topic_id and not topic:
            raise AccessError(self.env._("This topic no longer exists."))
        topic.check_access("read")
        return topic

    @api.model
    def _read_pause(self, email, value):
        """Return the end of the pause of an entry, if it has one.

        :raise ValidationError: if it has passed
        """
        until_date = fields.Datetime.to_datetime(value) or None
        if until_date and until_date <= fields.Datetime.now():
            raise ValidationError(
                self.env._("The pause of %s has to end in the future.", email)
            )
        return until_date

    @api.model
    def _find_entered(self, opt_out):
        """Return the opt-out in force that an entry has made, or that was there."""
        names = ("email", "cause", "topic_id", "until_date")
        domain = [(name, "=", opt_out[name] or False) for name in names]
        found = self.sudo().search([("ended_date", "=", False), *domain], limit=1)
        return found.with_env(self.env)
