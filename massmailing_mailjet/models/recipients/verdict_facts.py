"""The SQL that gives rows their verdicts, put together; ``mailjet.verdict`` runs it.

The whole statement for mailing 7, which excludes a target and is for nobody who got
another mailing since May 1st; some have left its topic, or pause::

    -- What the reasons depend on, row by row.
    WITH facts AS (
        SELECT recipient.id, recipient.mailing_id, recipient.email_normalized,
               recipient.exclusion_reason AS old_reason, recipient.selected,
               recipient.record_issue, COALESCE(opt_out.cause, marked.cause) AS cause,
               opt_out.blacklisted, omission.left_topic AS left_topic,
               omission.paused AS paused, omission.excluded_target AS excluded_target,
               FALSE AS answered, FALSE AS asked, omission.recent AS recent,
               (FALSE) AS engaged
          FROM mailjet_recipient recipient
          -- The addresses that opted out of every mailing, each once.
     LEFT JOIN (SELECT email AS email_normalized, min(cause) AS cause,
                       bool_or(blacklisted) AS blacklisted
                  FROM (SELECT email, cause, FALSE AS blacklisted
                          FROM (SELECT DISTINCT ON (c.email) c.email, c.cause
                                  FROM mailjet_consent c …) strongest
                     UNION ALL
                        SELECT email, NULL, TRUE FROM mail_blacklist
                         WHERE active AND TRUE) opt_outs
              GROUP BY email) opt_out
            ON opt_out.email_normalized = recipient.email_normalized
          -- The records without an address that opted out.
     LEFT JOIN (SELECT DISTINCT ON (c.res_model, c.res_id) c.res_id, c.cause,
                       c.res_model = 'crm.lead' AS is_lead
                  FROM mailjet_consent c …) marked
            ON recipient.email_normalized IS NULL
           AND marked.res_id = COALESCE(recipient.partner_id, recipient.lead_id)
           AND marked.is_lead = (recipient.lead_id IS NOT NULL)
          -- The addresses that this mailing is not for, each once.
     LEFT JOIN (SELECT mailing_id, email_normalized,
                       bool_or(left_topic) AS left_topic, bool_or(paused) AS paused,
                       bool_or(excluded_target) AS excluded_target,
                       bool_or(recent) AS recent
                  FROM (SELECT f.mailing_id, f.email_normalized,
                               TRUE, FALSE, FALSE, FALSE
                          FROM (SELECT … FROM mailjet_consent c …) f
                     UNION ALL … paused … UNION ALL … mailjet_exclusion …
                     UNION ALL
                        SELECT f.mailing_id, f.email_normalized,
                               FALSE, FALSE, FALSE, TRUE
                          FROM (SELECT 7 AS mailing_id, mailed.email_normalized
                                  FROM mailjet_mailing other …) f
                       ) omissions (mailing_id, email_normalized, left_topic,
                                    paused, excluded_target, recent)
              GROUP BY mailing_id, email_normalized) omission
            ON omission.email_normalized = recipient.email_normalized
           AND omission.mailing_id = recipient.mailing_id
         WHERE recipient.mailing_id = ANY('{7}') AND TRUE
    ),
    -- The first reason that applies to each row.
    reasoned AS (
        SELECT id, mailing_id, email_normalized, old_reason,
               CASE WHEN selected IS NOT TRUE THEN 'unticked'
                    WHEN cause = 'complained' THEN 'complained'
                    …
                    WHEN engaged THEN 'engaged' END AS reason
          FROM facts
    ),
    -- Of several rows that could be mailed at one address, the one that keeps it.
    kept AS (
        SELECT email_normalized, min(id) AS id FROM reasoned
         WHERE reason IS NULL GROUP BY email_normalized HAVING count(*) > 1
    ),
    computed AS (
        SELECT reasoned.id, reasoned.mailing_id, reasoned.email_normalized,
               reasoned.old_reason,
               CASE WHEN reasoned.reason IS NULL AND reasoned.id > kept.id
                    THEN 'duplicate' ELSE reasoned.reason END AS reason
          FROM reasoned LEFT JOIN kept USING (email_normalized)
    ),
    changed AS (
        SELECT id, mailing_id, old_reason, reason FROM computed
         WHERE computed.reason IS DISTINCT FROM computed.old_reason AND TRUE
    )
    UPDATE mailjet_recipient recipient
       SET exclusion_reason = changed.reason,
           verdict = CASE WHEN changed.reason IS NULL THEN 'send' ELSE 'excluded' END
      FROM changed
     WHERE changed.id = recipient.id
       AND recipient.id = ANY(ARRAY(SELECT id FROM changed))

For a few rows, every part is restricted to them and to their addresses in place of
``TRUE``, and the last part also updates the counts of the mailings.
"""

from odoo.tools import SQL

from .const import EXCLUSION_COUNTS, EXCLUSION_REASONS, RECORD_ISSUES
from .verdict_addresses import OMISSIONS, among, find_omitted

# When each reason applies, in terms of ``facts``; `const.EXCLUSION_REASONS` gives the
# order of precedence.
CONDITIONS = {
    "unticked": SQL("selected IS NOT TRUE"),
    "complained": SQL("cause = 'complained'"),
    "unsubscribed": SQL("cause = 'unsubscribed'"),
    "bounced": SQL("cause = 'bounced'"),
    "blacklisted": SQL("cause = 'blacklisted' OR blacklisted"),
    **{issue: SQL("record_issue = %s", issue) for issue, _label in RECORD_ISSUES},
    **{reason: SQL.identifier(reason) for reason in OMISSIONS},
    "engaged": SQL("engaged"),
}

# Of the rows in the list at Mailjet, those that must leave it: the addresses for which
# no row may be mailed any more.
STRICTER = SQL(
    """
    computed.old_reason IS NULL AND computed.reason IS DISTINCT FROM 'duplicate'
    AND NOT EXISTS (SELECT FROM reasoned other
                     WHERE other.mailing_id = computed.mailing_id
                       AND other.email_normalized = computed.email_normalized
                       AND other.id <> computed.id AND other.reason IS NULL)
    """
)

# The reasons that each count of the verdicts includes; "send" means no reason.
COUNT_REASONS = {
    "planned_count": ("send",),
    "excluded_count": tuple(reason for reason, _label in EXCLUSION_REASONS),
    **EXCLUSION_COUNTS,
}

# What identifies an address of one mailing.
MAILING_ADDRESS = "mailing_id, email_normalized"

# The array keeps PostgreSQL from reading the whole table if only a few rows change,
# which it cannot foresee.
WRITE_VERDICTS = SQL(
    """
    UPDATE mailjet_recipient recipient
       SET exclusion_reason = changed.reason,
           verdict = CASE WHEN changed.reason IS NULL THEN 'send' ELSE 'excluded' END
      FROM changed
     WHERE changed.id = recipient.id
       AND recipient.id = ANY(ARRAY(SELECT id FROM changed))
    """
)


def find_changed(facts, *, is_one_mailing, only_stricter=False, rows=None):
    """Return the beginning of a statement, with the rows whose reason changes:
    ``changed`` with ``id``, ``mailing_id``, ``old_reason`` and ``reason``.

    :param SQL facts: see :func:`collect_facts`
    :param only_stricter: see ``mailjet.verdict._recompute_verdicts``
    :param SQL rows: see there
    """
    reasons = SQL(" ").join(
        SQL("WHEN %s THEN %s", CONDITIONS[reason], reason)
        for reason, _label in EXCLUSION_REASONS
        if reason in CONDITIONS
    )
    return SQL(
        """
        WITH facts AS (%(facts)s),
        reasoned AS (
            SELECT id, mailing_id, email_normalized, old_reason,
                   CASE %(reasons)s END AS reason
              FROM facts
        ), kept AS (
            SELECT %(address)s, min(id) AS id FROM reasoned
             WHERE reason IS NULL GROUP BY %(address)s HAVING count(*) > 1
        ), computed AS (
            SELECT reasoned.id, reasoned.mailing_id, reasoned.email_normalized,
                   reasoned.old_reason,
                   CASE WHEN reasoned.reason IS NULL AND reasoned.id > kept.id
                        THEN 'duplicate' ELSE reasoned.reason END AS reason
              FROM reasoned LEFT JOIN kept USING (%(address)s)
        ), changed AS (
            SELECT id, mailing_id, old_reason, reason FROM computed
             WHERE computed.reason IS DISTINCT FROM computed.old_reason AND %(change)s
        )
        """,
        facts=facts,
        reasons=reasons,
        address=SQL("email_normalized" if is_one_mailing else MAILING_ADDRESS),
        change=_get_change(rows) if only_stricter else SQL("TRUE"),
    )


def _get_change(rows):
    """Return the condition for the ``computed`` rows that must leave the list."""
    if not rows:
        return STRICTER
    return SQL(
        "%s AND EXISTS (SELECT FROM mailjet_recipient r WHERE r.id = computed.id"
        " AND %s)",
        STRICTER,
        rows,
    )


def move_counts():
    """Return the end of a statement that begins with :func:`find_changed`: it writes
    the verdicts and changes the counts of the mailings by the differences."""
    return SQL(
        """
        , written AS (%(write)s),
        totals AS (SELECT mailing_id, %(differences)s FROM changed GROUP BY mailing_id)
        UPDATE mailjet_mailing mailing SET %(additions)s
          FROM totals WHERE totals.mailing_id = mailing.id
        """,
        write=WRITE_VERDICTS,
        differences=SQL(", ").join(
            SQL(
                """
                count(*) FILTER (WHERE COALESCE(reason, 'send') IN %(counted)s)
                - count(*) FILTER (WHERE COALESCE(old_reason, 'send') IN %(counted)s)
                  AS %(name)s
                """,
                counted=counted,
                name=SQL.identifier(name),
            )
            for name, counted in COUNT_REASONS.items()
        ),
        additions=SQL(", ").join(
            SQL(
                "%s = COALESCE(mailing.%s, 0) + totals.%s",
                *[SQL.identifier(name)] * 3,
            )
            for name in COUNT_REASONS
        ),
    )


def collect_facts(
    mailing_ids, opted_out, engaged, *, marked, omissions, emails=None, row_ids=None
):
    """Return the query of everything that the reasons depend on: the data of the rows,
    and what is known about their addresses.

    :param SQL opted_out: see ``find_opted_out``
    :param SQL engaged: the condition for a ``recipient`` who has already reacted
    :param SQL marked: the query of records that opted out without an address, or None
    :param omissions: see ``find_omitted``; empty if there can be none
    :param emails: the addresses of the rows, by default any
    :param row_ids: by default every row of the mailings
    """
    joins = [
        SQL(
            "LEFT JOIN (%s) opt_out"
            " ON opt_out.email_normalized = recipient.email_normalized",
            opted_out,
        )
    ]
    if marked:
        joins.append(
            SQL(
                """
                LEFT JOIN (%s) marked ON recipient.email_normalized IS NULL
                      AND marked.res_id = COALESCE(recipient.partner_id,
                                                   recipient.lead_id)
                      AND marked.is_lead = (recipient.lead_id IS NOT NULL)
                """,
                marked,
            )
        )
    if omissions:
        joins.append(
            SQL(
                """
                LEFT JOIN (%s) omission
                       ON omission.email_normalized = recipient.email_normalized
                      AND omission.mailing_id = recipient.mailing_id
                """,
                find_omitted(omissions, emails),
            )
        )
    used = {reason for reason, _query in omissions}
    return SQL(
        """
        SELECT recipient.id, recipient.mailing_id, recipient.email_normalized,
               recipient.exclusion_reason AS old_reason, recipient.selected,
               recipient.record_issue, %(cause)s AS cause, opt_out.blacklisted,
               %(omitted)s, %(engaged)s AS engaged
          FROM mailjet_recipient recipient %(joins)s
         WHERE recipient.mailing_id = ANY(%(mailings)s) AND %(rows)s
        """,
        cause=SQL(
            "COALESCE(opt_out.cause, marked.cause)" if marked else "opt_out.cause"
        ),
        omitted=SQL(", ").join(
            SQL(
                "%s AS %s",
                SQL.identifier("omission", reason) if reason in used else SQL("FALSE"),
                SQL.identifier(reason),
            )
            for reason in OMISSIONS
        ),
        engaged=engaged,
        joins=SQL(" ").join(joins),
        mailings=mailing_ids,
        rows=among(SQL("recipient.id"), row_ids),
    )
