"""Contacts by the million, as a company's address book has them."""

# Of a hundred contacts, about one shares another's address, one has none, one a
# malformed one; a few are archived, unsubscribed or blacklisted. They were last
# changed at some time in the past year.
INSERT = """
INSERT INTO res_partner (
       name, complete_name, email, email_normalized, active, is_company, type, lang,
       city, create_date, write_date)
SELECT name, name, email,
       CASE WHEN email LIKE '%%@%%' THEN lower(email) END,
       number %% 97 <> 3, FALSE, 'contact', 'en_US', 'Town ' || number %% 500,
       moment, moment
  FROM (SELECT number, 'Contact ' || number AS name,
               CASE WHEN number %% 101 = 0 THEN NULL
                    WHEN number %% 103 = 0 THEN 'nobody'
                    WHEN number %% 107 = 0 THEN 'c' || number - 1 || '@example.com'
                    WHEN number %% 3 = 0 THEN 'C' || number || '@Example.com'
                    ELSE 'c' || number || '@example.com' END AS email,
               now() AT TIME ZONE 'UTC'
                 - (1 + number %% 365) * interval '1 day' AS moment
          FROM generate_series(1, %s) number) numbers
"""
REFUSALS = """
INSERT INTO mailjet_consent (email, cause, date, source, create_date, write_date)
SELECT 'c' || number || '@example.com', 'unsubscribed', moment, 'user', moment, moment
  FROM generate_series(5, %s, 151) number,
       (SELECT now() AT TIME ZONE 'UTC' - interval '1 month' AS moment) moments
"""
BLACKLIST = """
INSERT INTO mail_blacklist (email, active)
SELECT 'c' || number || '@example.com', TRUE
  FROM generate_series(1, %s, 211) number
"""


def make_contacts(cursor, rows):
    """Insert that many contacts, and let PostgreSQL know them."""
    cursor.execute(INSERT, [rows])
    cursor.execute(REFUSALS, [rows])
    cursor.execute(BLACKLIST, [rows])
    cursor.execute("VACUUM ANALYZE res_partner, mailjet_consent")
