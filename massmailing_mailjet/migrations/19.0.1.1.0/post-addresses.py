"""Reply addresses were kept as they were typed, with a name around them or a blank too
many; now they are kept as Mailjet takes them. What is no address stays: the check of
the mailing says why. Mailings that were sent stay as they were."""

from odoo.tools import SQL

from odoo.addons.massmailing_mailjet.tools.addresses import clean_address, is_address


def migrate(cr, version):
    cr.execute(
        """
        SELECT DISTINCT reply_to FROM mailjet_mailing
         WHERE reply_to IS NOT NULL AND state <> 'done'
        """
    )
    typed = [text for (text,) in cr.fetchall()]
    cleaned = {text: clean_address(text) for text in typed}
    known = {
        text: address
        for text, address in cleaned.items()
        if text != address and (not address or is_address(address))
    }
    cr.execute(
        SQL(
            """
            UPDATE mailjet_mailing m SET reply_to = NULLIF(f.address, '')
              FROM unnest(%s::text[], %s::text[]) AS f (typed, address)
             WHERE m.reply_to = f.typed AND m.state <> 'done'
            """,
            list(known),
            list(known.values()),
        )
    )
