"""Emails of the visual editor were stored as XHTML, which browsers and mailboxes read
as HTML: an empty element then contained all that follows, and style sheets had
``&gt;`` where they need ``>``. Now they are stored as HTML."""

import re

from odoo.tools.mail import html_sanitize

TABLES = ("mailjet_mailing", "mailjet_version")
COLUMNS = ("body_arch", "body_html")
STYLE = re.compile(r"(?<=>)[^<]+(?=</style>)")
# Of what was stored more than once, a `&` was written as `&amp;` each time.
ESCAPED = re.compile(r"&(?:amp;)*(gt|lt|amp);")
SIGNS = {"gt": ">", "lt": "<", "amp": "&"}


def migrate(cr, version):
    """Store every email as HTML."""
    for table in TABLES:
        for column in COLUMNS:
            cr.execute(f"SELECT id FROM {table} WHERE {column} LIKE '%/>%'")
            for (record_id,) in cr.fetchall():
                _rewrite(cr, table, column, record_id)


def _rewrite(cr, table, column, record_id):
    """Rewrite one email: one at a time, since they may be large."""
    cr.execute(f"SELECT {column} FROM {table} WHERE id = %s", [record_id])
    (stored,) = cr.fetchone()
    html = html_sanitize(
        stored, sanitize_tags=False, sanitize_conditional_comments=False
    )
    cr.execute(
        f"UPDATE {table} SET {column} = %s WHERE id = %s",
        [STYLE.sub(_unescape, str(html)), record_id],
    )


def _unescape(style):
    return ESCAPED.sub(lambda sign: SIGNS[sign[1]], style[0])
