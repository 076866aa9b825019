from odoo import models
from odoo.tools import SQL

from .mailjet_key_mixin import DIGEST

# The token of a recipient's row ``r``, with the key ``k``: it stands for the row and
# the address that the email was sent to. See ``tools/preference_links.py``.
TOKEN = SQL(
    "r.id || '-' || left(%s, 32)",
    SQL(DIGEST, SQL("'preferences:' || r.id || ':' || r.email_normalized")),
)


class MailjetPreferenceKey(models.Model):
    """The secret key of this database that signs the links to the preference page: for
    a million recipients they are made by PostgreSQL, and stored nowhere. A neutralized
    copy loses it."""

    _name = "mailjet.preference.key"
    _description = "Key of preference pages"
    _inherit = ["mailjet.key.mixin"]
    _log_access = False
