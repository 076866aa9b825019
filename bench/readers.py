"""The contacts to whom a benchmark sends, as many as it needs."""

import re

ADDRESS = re.compile(r"r\d+@example\.com")
INSERT = """
INSERT INTO res_partner (
       name, complete_name, email, email_normalized, active, is_company, type, lang,
       city, ref, create_date, write_date)
SELECT 'Reader ' || number, 'Reader ' || number, 'r' || number || '@example.com',
       'r' || number || '@example.com', TRUE, FALSE, 'contact', 'en_US',
       'Town ' || number %% 500, 'bench ' || %s, now() AT TIME ZONE 'UTC',
       now() AT TIME ZONE 'UTC'
  FROM generate_series(1, %s) number
"""

SHARE_OUT = """
UPDATE res_partner SET user_id = (%s::int[])[1 + id %% %s] WHERE ref = %s
"""


def make_readers(cursor, rows):
    """Insert that many contacts, unless they are there, and return the domain that
    finds them."""
    reference = f"bench {rows}"
    cursor.execute("SELECT FROM res_partner WHERE ref = %s LIMIT 1", [reference])
    if not cursor.rowcount:
        cursor.execute(INSERT, [rows, rows])
        cursor.execute("VACUUM ANALYZE res_partner")
    return f"[('ref', '=', '{reference}')]"


def share_out(admin, cursor, rows, parts):
    """Divide the contacts of :func:`make_readers` between so many salespersons, the
    last of whom is nobody.

    :param Rpc admin: a user who may create users
    """
    users = [
        {"name": f"Seller {n}", "login": f"s{n}", "email": f"s{n}@example.com"}
        for n in range(parts - 1)
    ]
    sellers = admin.call("res.users", "create", users)
    cursor.execute(SHARE_OUT, [sellers, parts, f"bench {rows}"])
    cursor.execute("VACUUM ANALYZE res_partner")
