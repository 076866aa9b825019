"""The parts of the verdicts' SQL that find the addresses to exclude from a mailing; see
``verdict_facts.py`` for the whole statement."""

from odoo.tools import SQL

from ...const import SENT_STATUSES
from ..composition.mailjet_mailing_asking import ASKING

# The reasons why a mailing is not for an address that gets others.
OMISSIONS = (
    *("left_topic", "paused", "excluded_target"),
    *("answered", "asked", "recent", "not_asked"),
)


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


def find_omitted(omissions, emails):
    """Return the query of the addresses that one of the mailings omits: each once per
    mailing, with whether each of the reasons given applies.

    :param omissions: pairs of one of :data:`OMISSIONS` and the part of a query that
        finds the rows ``f`` it applies to, as ``mailing_id`` and ``email_normalized``
    """
    reasons = list(dict.fromkeys(reason for reason, _query in omissions))
    queries = [
        SQL(
            "SELECT f.mailing_id, f.email_normalized, %s FROM (%s) f WHERE %s",
            SQL(", ").join(SQL("TRUE" if r == reason else "FALSE") for r in reasons),
            query,
            among(SQL("f.email_normalized"), emails),
        )
        for reason, query in omissions
    ]
    names = [SQL.identifier(reason) for reason in reasons]
    return SQL(
        """
        SELECT mailing_id, email_normalized, %(flags)s
          FROM (%(queries)s) omissions (mailing_id, email_normalized, %(names)s)
      GROUP BY mailing_id, email_normalized
        """,
        flags=SQL(", ").join(SQL("bool_or(%s) AS %s", name, name) for name in names),
        queries=SQL(" UNION ALL ").join(queries),
        names=SQL(", ").join(names),
    )


def find_left_topic(mailing_ids, left):
    """Return the query of the addresses that have left the topic of a mailing.

    :param SQL left: the query of ``email`` and ``topic_id`` of the consent store
    """
    return SQL(
        """
        SELECT mailing.id AS mailing_id, left_topic.email AS email_normalized
          FROM mailjet_mailing mailing JOIN (%s) left_topic USING (topic_id)
         WHERE mailing.id = ANY(%s)
        """,
        left,
        mailing_ids,
    )


def find_paused(mailing_ids, paused):
    """Return the query of the addresses that get nothing now, for each mailing.

    :param SQL paused: the query of ``email`` of the consent store
    """
    return SQL(
        """
        SELECT mailing_id, paused.email AS email_normalized
          FROM unnest(%s::int[]) AS mailings (mailing_id) CROSS JOIN (%s) paused
        """,
        mailing_ids,
        paused,
    )


def find_excluded(mailing_id):
    """Return the query of the addresses in the excluded targets of a mailing."""
    return SQL(
        """
        SELECT mailing_id, email_normalized FROM mailjet_exclusion
         WHERE mailing_id = %s
        """,
        mailing_id,
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


def find_asked(excepted_id, company_id, since, until):
    """Return the part of a query that finds the rows ``asked`` of ``other`` mailings of
    a company that have asked for permission to measure between two times, with their
    ``campaign`` and its ``asked_date``. A mailing has asked from the moment at which it
    was announced that it is sent."""
    return SQL(
        """
          FROM (SELECT mailing_id, id, is_part,
                       COALESCE(sent_date, send_requested_date) AS asked_date
                  FROM mailjet_campaign) campaign
          JOIN mailjet_mailing other ON other.id = campaign.mailing_id
          JOIN mailjet_recipient asked ON asked.mailing_id = other.id
           AND (campaign.is_part IS NOT TRUE OR asked.campaign_id = campaign.id)
         WHERE other.purpose = %s AND other.id <> %s AND other.company_id = %s
           AND campaign.asked_date >= %s AND campaign.asked_date <= %s
           AND asked.status IN %s AND asked.email_normalized IS NOT NULL
        """,
        ASKING,
        excepted_id,
        company_id,
        since,
        until,
        ("outgoing", *SENT_STATUSES),
    )
