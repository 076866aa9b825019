"""The parts of the verdicts' SQL that find the addresses to exclude from a mailing; see
``verdict_facts.py`` for the whole statement."""

from odoo.tools import SQL

from ...const import SENT_STATUSES


def among(column, values):
    """Return the SQL of whether a column has one of the values; None: any value."""
    return SQL("TRUE") if values is None else SQL("%s = ANY(%s)", column, list(values))


def find_opted_out(strongest, emails):
    """Return the query of the addresses that get no mass mailing at all: each once,
    with its ``cause`` and whether it is ``blacklisted``.

    :param SQL strongest: the query of ``email`` and ``cause`` of the consent store
    """
    return SQL(
        """
        SELECT email AS email_normalized, min(cause) AS cause,
               bool_or(blacklisted) AS blacklisted
          FROM (SELECT email, cause, FALSE AS blacklisted FROM (%(strongest)s) strongest
             UNION ALL
                SELECT email, NULL, TRUE FROM mail_blacklist
                 WHERE active AND %(blacklisted)s) opt_outs
      GROUP BY email
        """,
        strongest=strongest,
        blacklisted=among(SQL("email"), emails),
    )


def find_omitted(excluding_ids, recent, emails):
    """Return the query of the addresses that one of the mailings omits: each once per
    mailing, with whether it is in an ``excluded_target`` or was mailed ``recent``ly;
    None if there can be none.

    :param excluding_ids: ids of the mailings that exclude a target
    :param dict recent: the parts of queries of :func:`find_mailed`, by mailing id
    """
    queries = [
        SQL(
            "SELECT mailing_id, email_normalized, TRUE, FALSE"
            " FROM mailjet_exclusion WHERE mailing_id = %s AND %s",
            mailing_id,
            among(SQL("email_normalized"), emails),
        )
        for mailing_id in excluding_ids
    ]
    queries += [
        SQL(
            "SELECT %s, mailed.email_normalized, FALSE, TRUE %s AND %s",
            mailing_id,
            mailed,
            among(SQL("mailed.email_normalized"), emails),
        )
        for mailing_id, mailed in recent.items()
    ]
    if not queries:
        return None
    return SQL(
        """
        SELECT mailing_id, email_normalized,
               bool_or(excluded_target) AS excluded_target,
               bool_or(recent) AS recent
          FROM (%s) omissions (mailing_id, email_normalized, excluded_target, recent)
      GROUP BY mailing_id, email_normalized
        """,
        SQL(" UNION ALL ").join(queries),
    )


def find_mailed(excepted_ids, company_id, since, until):
    """Return the part of a query that finds the rows ``mailed`` of ``other`` mailings
    of a company that were sent between two times."""
    return SQL(
        """
          FROM mailjet_mailing other
          JOIN mailjet_recipient mailed ON mailed.mailing_id = other.id
         WHERE other.id <> ALL(%s) AND other.company_id = %s
           AND other.sent_date >= %s AND other.sent_date <= %s
           AND mailed.status IN %s AND mailed.email_normalized IS NOT NULL
        """,
        excepted_ids,
        company_id,
        since,
        until,
        SENT_STATUSES,
    )
