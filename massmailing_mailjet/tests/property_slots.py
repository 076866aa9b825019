"""The contact properties of mailings, as tests expect them."""

from ..tools.property_values import PREFIXES, TEXT


class PropertySlots:
    """What tests know about the names of a mailing's contact properties."""

    def _property(self, token, place=TEXT, slot=1, number=1):
        """Return the name of the contact property of a token."""
        slot = slot if slot > 1 else ""
        number = f"{number}_" if number > 1 else ""
        owner = self.env["mailjet.campaign"]._get_property_owner()
        code = token.strip("$").replace("-", "_")
        return f"{PREFIXES[place]}{slot}_{owner}_{number}{code}"

    def _get_slots(self, mailing):
        """Return the slots of the mailing's contact properties, of all accounts."""
        slots = self.env["mailjet.property.slot"].sudo()
        return slots.search([("mailing_id", "=", mailing.id)]).mapped("number")
