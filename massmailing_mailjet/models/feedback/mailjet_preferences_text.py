from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date

from ...tools.personalization import render
from ..counting import say_count

PAUSE = relativedelta(months=3)


class MailjetPreferences(models.AbstractModel):
    """What the preference page says: whole sentences, so that they can be
    translated."""

    _inherit = "mailjet.preferences"

    @api.model
    def _say(self, owner, subscription):
        """Return the sentences of the page, as values of its template."""
        contact = self._get_contact(owner)
        return {
            "intro": self._say_intro(owner),
            "block": self._say_block(subscription["everything"], contact),
            "pause": self._say_pause(subscription["paused_until"]),
            "reasons": self._get_reasons(),
            "origin": self._say_origin(owner),
            "opt_outs": self._say_opt_outs(owner.company, subscription),
            "erasure": self._say_erasure(contact),
            "measured": self._say_measured(owner),
            "address": self._get_address(owner.company),
        }

    @api.model
    def _say_intro(self, owner):
        if not owner.email:
            return self.env._(
                "This page belongs to a test email: it is nobody's, and nothing can be "
                "changed here."
            )
        return self.env._(
            "For emails from %(company)s to %(email)s",
            company=owner.company.name,
            email=Markup("<strong>%s</strong>") % owner.email,
        )

    @api.model
    def _say_block(self, everything, contact):
        """Return why an address receives nothing, if its owner cannot change that
        here, and what can be done."""
        cause = self._get_block(everything)
        if not cause:
            return []
        why = {
            "complained": self.env._(
                "You marked one of our emails as spam, so you no longer receive any."
            ),
            "bounced": self.env._(
                "An email to this address came back, so nothing more is sent to it."
            ),
            "blacklisted": self.env._(
                "We were asked not to send emails to this address."
            ),
        }
        what = contact and self.env._("To receive emails again, write to %s.", contact)
        return list(filter(None, (why[cause], what)))

    @api.model
    def _say_pause(self, until):
        if until:
            return self.env._("Send me nothing until %s", self._say_date(until))
        end = self._say_date(fields.Datetime.now() + PAUSE)
        return self.env._("Send me nothing for three months, until %s", end)

    @api.model
    def _get_reasons(self):
        """Return the reasons for leaving, with what people read."""
        return {
            "many": self.env._("Too many emails"),
            "interest": self.env._("They do not interest me"),
            "unknown": self.env._("I never signed up"),
            "other": self.env._("Another reason"),
        }

    @api.model
    def _say_origin(self, owner):
        """Return which email has led here, and what its recipient is to the company.
        The email is named by its subject: its name is for colleagues."""
        if not owner.row:
            return []
        campaign = owner.row.mailing_id._get_campaign_of(owner.row)
        # The whole message would be read with it.
        campaign.fetch(["frozen_subject"])
        said = []
        if subject := render(campaign.frozen_subject or "", {}):
            said.append(
                self.env._("The link to this page is in the email “%s”.", subject)
            )
        if date := campaign.sent_date:
            said.append(self.env._("It was sent on %s.", self._say_date(date)))
        return [*said, self._say_relation(owner)]

    @api.model
    def _say_relation(self, owner):
        company = owner.company.name
        return {
            "contact": self.env._("You received it as a contact of %s.", company),
            "account": self.env._(
                "You received it as a customer or partner of %s.", company
            ),
            "lead": self.env._(
                "You received it because you are in touch with %s.", company
            ),
        }[owner.row.kind]

    @api.model
    def _say_opt_outs(self, company, subscription):
        """Return in sentences what the address has left, and since when."""
        said = []
        if everything := subscription["everything"]:
            date = self._say_date(everything["date"])
            said.append(self.env._("No emails since %s", date))
        if until := subscription["paused_until"]:
            said.append(self.env._("No emails until %s", self._say_date(until)))
        if left := subscription["topics"]:
            for topic in self._get_topics(company):
                if topic.id in left:
                    date = self._say_date(left[topic.id]["date"])
                    values = {"topic": topic.name, "date": date}
                    said.append(self.env._("Not “%(topic)s” since %(date)s", **values))
        return said

    @api.model
    def _say_measured(self, owner):
        """Return of how many emails of the company openings or clicks are stored."""
        count = self.env["mailjet.recipient"].search_count(
            [
                ("email_normalized", "=", owner.email),
                ("mailing_id.company_id", "=", owner.company.id),
                "|",
                ("opened_date", "!=", False),
                ("clicked_date", "!=", False),
            ]
        )
        if not count:
            return self.env._("In no email")
        return say_count(
            self.env,
            count,
            self.env._("In %(count)s email"),
            self.env._("In %(count)s emails"),
        )

    @api.model
    def _say_erasure(self, contact):
        return contact and self.env._(
            "To have it erased, or to receive a copy, write to %s.", contact
        )

    @api.model
    def _say_date(self, date):
        return format_date(self.env, date, date_format="long")

    @api.model
    def _get_address(self, company):
        """Return the company's postal address, without empty lines."""
        address = company.partner_id._display_address(without_company=True)
        return "\n".join(filter(None, map(str.strip, address.splitlines())))
