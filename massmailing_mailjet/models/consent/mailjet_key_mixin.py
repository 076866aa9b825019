import secrets

from odoo import api, fields, models
from odoo.tools import SQL

# HMAC-SHA-256 (RFC 2104) of a text, which PostgreSQL itself does not provide.
BLOCK = 64
DIGEST = """
encode(sha256(k.outer_pad || sha256(k.inner_pad || convert_to(%s, 'UTF8'))), 'hex')
"""


class MailjetKeyMixin(models.AbstractModel):
    """A secret key of this database, of which there is one record at most: SQL makes
    digests with it as :data:`DIGEST`.

    Nobody may read the key, whatever their rights; it never leaves the database.
    """

    _name = "mailjet.key.mixin"
    _description = "Secret key of this database"

    inner_pad = fields.Binary(
        attachment=False, groups=fields.NO_ACCESS, export_string_translation=False
    )
    outer_pad = fields.Binary(
        attachment=False, groups=fields.NO_ACCESS, export_string_translation=False
    )

    @api.model
    def _exists(self):
        """Return whether there is a key. It is not cached: what a transaction has seen
        may be rolled back."""
        table = SQL.identifier(self._table)
        return bool(self.env.execute_query(SQL("SELECT FROM %s", table)))

    @api.model
    def _ensure(self):
        """Make a key unless there is one."""
        if self._exists():
            return
        key = secrets.token_bytes(BLOCK)
        self.env.cr.execute(
            SQL(
                """
                LOCK TABLE %(table)s IN EXCLUSIVE MODE;
                INSERT INTO %(table)s (inner_pad, outer_pad)
                SELECT %(inner)s, %(outer)s WHERE NOT EXISTS (SELECT FROM %(table)s)
                """,
                table=SQL.identifier(self._table),
                inner=bytes(byte ^ 0x36 for byte in key),
                outer=bytes(byte ^ 0x5C for byte in key),
            )
        )
        self.env.registry.clear_cache()
