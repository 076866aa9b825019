from odoo import api, models

# What somebody answers who wants to go on receiving emails.
STAYING_MODES = ("receive", "pause")


class MailjetPreferences(models.AbstractModel):
    """Lets the owner of an address that was asked answer to be kept. Any other choice
    on the page is an answer, too, but for leaving everything."""

    _inherit = "mailjet.preferences"

    @api.model
    def _describe(self, owner):
        return {**super()._describe(owner), "staying": self._say_staying(owner)}

    @api.model
    def _say_staying(self, owner):
        """Return what an owner who was asked reads, or nothing."""
        if not self._find_asked(owner):
            return ""
        return self.env._(
            "We have not been in touch for a long time. Without an answer, %s archives "
            "what it knows about you, and deletes your address from its mailing "
            "service.",
            owner.company.name,
        )

    @api.model
    def _find_asked(self, owner):
        """Return the row of an owner who was asked, and has not answered yet."""
        return self.env["mailjet.retention"].search(
            [
                ("email", "=", owner.email),
                ("company_id", "=", owner.company.id),
                ("mailing_id", "!=", False),
                ("state", "in", ("found", "asked", "expired", "confirmed")),
            ]
            if owner.email
            else [(0, "=", 1)]
        )

    @api.model
    def _change(self, owner, form, visit):
        asked = self._find_asked(owner)
        said = super()._change(owner, form, visit)
        is_leaving = form.get("leave") or form.get("mode") == "nothing"
        is_staying = form.get("keep") or form.get("mode") in STAYING_MODES
        if not asked or is_leaving or not is_staying:
            return said
        asked._keep(self._clean(visit))
        kept = self.env._("You stay in the contacts of %s.", owner.company.name)
        return [kept] if form.get("keep") else [kept, *said]
