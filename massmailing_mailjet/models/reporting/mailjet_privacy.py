from odoo import api, models

from ..composition.mailjet_test_message import LIFETIME


class MailjetPrivacy(models.AbstractModel):
    """The page that tells users what becomes of the data of those whom they mail. Its
    figures are those of the settings and of the code that deletes."""

    _name = "mailjet.privacy"
    _description = "Data Protection of Mass Mailing"

    @api.model
    def get_page(self):
        """Return the sections of the page: dicts of ``title`` and ``sentences``."""
        self.env["mailjet.mailing"].check_access("read")
        return [
            {"title": title, "sentences": sentences}
            for title, sentences in (
                (self.env._("What goes to Mailjet"), self._describe_transfer()),
                (self.env._("What comes back"), self._describe_feedback()),
                (self.env._("What is kept, and how long"), self._describe_retention()),
                (self.env._("How people unsubscribe"), self._describe_opt_out()),
                (self.env._("Whom to ask"), self._describe_contact()),
            )
        ]

    @api.model
    def _describe_transfer(self):
        variables = self.env["mailjet.variable"].search([("active", "=", True)])
        labels = variables.mapped("name")
        return [
            self.env._(
                "For each recipient to whom a mailing is sent: the e-mail address, and "
                "the values of the variables that the mailing uses."
            ),
            self.env._(
                "Nothing else of a contact, an account or a lead, and nothing at all "
                "of those who are excluded."
            ),
            self.env._("Variables that exist: %s", ", ".join(labels)),
            self.env._(
                "The subject, the content and the sender of the mailing. Mailjet "
                "processes all of it on behalf of your company, as your contract with "
                "Mailjet says."
            ),
        ]

    @api.model
    def _describe_feedback(self):
        return [
            self.env._(
                "Whether an e-mail was delivered, opened or clicked, whether it "
                "bounced, was blocked or marked as spam, and who unsubscribed."
            ),
            self.env._(
                "Opens and clicks are measured by an image and by links of Mailjet in "
                "the e-mail. In a test e-mail they are not measured."
            ),
        ]

    @api.model
    def _describe_retention(self):
        return [
            self._describe_lists(),
            self._describe_events(),
            self.env._(
                "The rows of a mailing, with what became of each e-mail, stay as proof "
                "of what was sent, as long as the mailing exists."
            ),
            self.env._(
                "The online version of a test e-mail can be opened for %s days.",
                LIFETIME.days,
            ),
            self.env._(
                "Contacts at Mailjet stay there until they are deleted in Mailjet's "
                "own interface, as somebody who is mailed may ask you to do."
            ),
        ]

    @api.model
    def _describe_lists(self):
        days = self.env.company.mailjet_list_days
        if not days:
            return self.env._(
                "The list that is made at Mailjet for each mailing is kept there."
            )
        return self.env._(
            "The list that is made at Mailjet for each mailing is deleted there %s "
            "days after the sending.",
            days,
        )

    @api.model
    def _describe_events(self):
        return self.env._(
            "What Mailjet reports is kept as it came for %s days.",
            self.env["mailjet.event"]._get_retention().days,
        )

    @api.model
    def _describe_opt_out(self):
        return [
            self.env._(
                "Every e-mail has a link to unsubscribe; Mailjet shows its page, and "
                "leaves the address out of the list at once."
            ),
            self.env._(
                "The unsubscription marks every contact, account and lead of that "
                "address. So does the tick box “Unsubscribed from mass mailing”, when "
                "somebody asks you on the phone or in writing."
            ),
            self.env._(
                "Before each departure everybody who has unsubscribed is left out, "
                "whichever filter or target he was loaded from. Only a person can undo "
                "it, by unticking that box."
            ),
        ]

    @api.model
    def _describe_contact(self):
        company = self.env.company
        contact = company.mailjet_privacy_contact or company.email
        if not contact:
            return [
                self.env._(
                    "No data protection contact is entered. An administrator can do it "
                    "in the settings of Mass Mailing."
                )
            ]
        return [
            self.env._(
                "Questions, and the wish to see or to delete somebody's data: %s",
                contact,
            )
        ]
