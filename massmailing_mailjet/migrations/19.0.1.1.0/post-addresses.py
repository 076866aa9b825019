"""Reply addresses were kept as they were typed, with a name around them or a blank too
many; now they are kept as Mailjet takes them. What is no address stays: the check of
the mailing says why. Mailings that were sent stay as they were."""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL


def migrate(cr, version):
    cr.execute(
        """
        SELECT DISTINCT reply_to FROM mailjet_mailing
         WHERE reply_to IS NOT NULL AND state <> 'done'
        """
    )
    typed = [text for (text,) in cr.fetchall()]
    mailings = api.Environment(cr, SUPERUSER_ID, {})["mailjet.mailing"]
    cleaned = {
        text: mailings._clean_addresses({"reply_to": text})["reply_to"]
        for text in typed
    }
    cr.execute(
        SQL(
            """
            UPDATE mailjet_mailing m SET reply_to = NULLIF(f.address, '')
              FROM unnest(%s::text[], %s::text[]) AS f (typed, address)
             WHERE m.reply_to = f.typed AND f.typed <> f.address
               AND m.state <> 'done'
            """,
            list(cleaned),
            list(cleaned.values()),
        )
    )
