"""The link to the preference page, as tests expect it."""

from odoo.tools import SQL

from ..models.consent.mailjet_preference_key import TOKEN
from ..tools.preference_links import VARIABLE
from ..tools.property_values import ADDRESS


class PreferenceLinks:
    """What tests of a mailing know about the link in its emails."""

    def _preferences_property(self, slot=1):
        """Return the name of the contact property of the link."""
        return self._property(VARIABLE.token, ADDRESS, slot)

    def _get_token(self, row):
        """Return the token of a row's page, as it is uploaded."""
        [(token,)] = self.env.execute_query(
            SQL(
                "SELECT %s FROM mailjet_recipient r, mailjet_preference_key k"
                " WHERE r.id = %s",
                TOKEN,
                row.id,
            )
        )
        return token
