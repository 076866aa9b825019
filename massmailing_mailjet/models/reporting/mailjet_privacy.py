from odoo import api, models

from ..composition.mailjet_test_message import LIFETIME
from ..counting import say_count


class MailjetPrivacy(models.AbstractModel):
    """The page that tells users what happens to the data of their recipients. Its
    figures come from the settings and from the code that deletes the data."""

    _name = "mailjet.privacy"
    _description = "Data protection of mass mailing"

    @api.model
    def get_page(self):
        """Return the sections of the page: dicts of ``title`` and ``sentences``, and of
        ``details``: a ``summary`` and the ``names`` that it stands for."""
        self.env["mailjet.mailing"].check_access("read")
        sections = [
            {"title": title, "sentences": sentences, "details": False}
            for title, sentences in (
                (self.env._("Data sent to Mailjet"), self._describe_transfer()),
                (self.env._("Tracking"), self._describe_feedback()),
                (self.env._("Data kept, and for how long"), self._describe_retention()),
                (self.env._("How people unsubscribe"), self._describe_opt_out()),
                (self.env._("Contact"), self._describe_contact()),
            )
        ]
        sections[0]["details"] = self._list_variables()
        return sections

    @api.model
    def _list_variables(self):
        variables = self.env["mailjet.variable"].search([("active", "=", True)])
        names = variables.mapped("name")
        return {
            "summary": say_count(
                self.env,
                len(names),
                self.env._("%(count)s available variable"),
                self.env._("%(count)s available variables"),
            ),
            "names": names,
        }

    @api.model
    def _describe_transfer(self):
        return [
            self.env._(
                "For each recipient of a mailing: the email address, the values of "
                "the variables that the mailing uses, and the link to the recipient's "
                "own preference page."
            ),
            self.env._(
                "No other data of a contact, an account or a lead, and no data at "
                "all of those who are excluded."
            ),
            self.env._(
                "The subject, content and sender of the mailing. Mailjet processes "
                "all of this on behalf of your company, as set out in your contract "
                "with Mailjet."
            ),
        ]

    @api.model
    def _describe_feedback(self):
        return [
            self.env._(
                "Whether an email was delivered, opened or clicked, whether it "
                "bounced, was blocked or marked as spam, and who unsubscribed."
            ),
            self.env._(
                "Opens and clicks are measured with an image and with Mailjet links "
                "in the email. In a test email, they are not measured."
            ),
            self._describe_measuring(),
            self.env._(
                "What an address has chosen about this is kept with its proof. After a "
                "refusal nothing more is recorded, and what was recorded before is "
                "erased; each mailing keeps a number that names nobody."
            ),
        ]

    @api.model
    def _describe_measuring(self):
        """Return whose openings and clicks the company measures."""
        rule = self.env.company.sudo()._get_mailjet_measuring_rule()
        return self.env["mailjet.health"]._explain_measuring_rule(rule)

    @api.model
    def _describe_retention(self):
        return [
            self._describe_lists(),
            self._describe_events(),
            self.env._(
                "The recipients of a mailing, with the outcome of each email, stay "
                "as proof of what was sent, as long as the mailing exists."
            ),
            self.env._(
                "Confirmed sign-ups through Mailjet's subscription forms are fetched "
                "with their dates and IP addresses. They stay as proof of opt-in until "
                "the person's data is erased."
            ),
            self.env._(
                "The online version of a test email can be opened for %s days.",
                LIFETIME.days,
            ),
            self._describe_silence(),
            self.env._(
                "When a manager erases the mass mailing data of a contact or lead, "
                "Mailjet deletes the address, too. Other contacts stay at Mailjet "
                "until they are deleted in its own interface."
            ),
        ]

    @api.model
    def _describe_silence(self):
        """Return what becomes of prospects without contact, and how many there are."""
        company = self.env.company.sudo()
        months = company.mailjet_retention_months
        if not months:
            return self.env._(
                "Prospects are kept, however long they have not been in touch."
            )
        return say_count(
            self.env,
            self.env["mailjet.retention"]._count_silent(company),
            self.env._(
                "Prospects without contact for %(months)s months are asked once "
                "whether they want to stay in touch, and then archived, and erased at "
                "Mailjet, when a manager confirms it: %(count)s prospect now."
            ),
            self.env._(
                "Prospects without contact for %(months)s months are asked once "
                "whether they want to stay in touch, and then archived, and erased at "
                "Mailjet, when a manager confirms it: %(count)s prospects now."
            ),
            months=months,
        )

    @api.model
    def _describe_lists(self):
        days = self.env.company.mailjet_list_days
        if not days:
            return self.env._(
                "The list created at Mailjet for each mailing is kept there."
            )
        return say_count(
            self.env,
            days,
            self.env._(
                "The list created at Mailjet for each mailing is deleted there "
                "%(count)s day after sending."
            ),
            self.env._(
                "The list created at Mailjet for each mailing is deleted there "
                "%(count)s days after sending."
            ),
        )

    @api.model
    def _describe_events(self):
        return self.env._(
            "Mailjet's reports are kept as received for %s days.",
            self.env["mailjet.event"]._get_retention().days,
        )

    @api.model
    def _describe_opt_out(self):
        return [
            self.env._(
                "Every email has an unsubscribe link. Mailjet shows its page and "
                "removes the address from the list at once."
            ),
            self.env._(
                "Every email also links to a page of this server on which its "
                "recipient chooses what to receive, without logging in. What "
                "recipients choose there, they can take back there."
            ),
            self.env._(
                "Unsubscribing marks every contact, account and lead with that "
                "address. So does the checkbox “Unsubscribed from mass mailing”, for "
                "requests by phone or in writing."
            ),
            self.env._(
                "A recipient may also unsubscribe from one topic only, or pause all "
                "mailings for some time. This marks no contact, account or lead, and "
                "is not passed on to Mailjet."
            ),
            self.env._(
                "Before each sending, everyone who has unsubscribed is excluded, "
                "whichever filter or target loaded them. Only a person can reverse "
                "this, by clearing that checkbox."
            ),
        ]

    @api.model
    def _describe_contact(self):
        company = self.env.company
        contact = company.mailjet_privacy_contact or company.email
        if not contact:
            return [
                self.env._(
                    "No data protection contact is set. An administrator can set one "
                    "in the Mass Mailing settings."
                )
            ]
        return [
            self.env._(
                "Questions, and requests to see or delete someone's data: %s",
                contact,
            )
        ]
