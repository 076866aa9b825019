import logging

from psycopg2 import OperationalError

from odoo import api, models
from odoo.tools import SQL

from ..attempt import attempt
from .mailjet_recipient_tracking import FAILURE_TIME

_logger = logging.getLogger(__name__)

# Events applied in one transaction.
BATCH = 50_000
# The divisor of the batch size if a batch cannot be applied.
PARTS = 8

BY_PERSON = SQL("e.type IN ('open', 'click') AND e.is_machine IS NOT TRUE")
OPENING = SQL("%s AND e.may_open", BY_PERSON)
CLICK = SQL("e.type = 'click' AND e.is_machine IS NOT TRUE")

# What the events ``e`` of a recipient prove. A click proves an opening, even if the
# mailbox hides it; a reaction of the person proves the delivery.
FACTS = {
    "delivered_date": SQL(
        "min(e.event_date) FILTER (WHERE e.type IN ('sent', 'spam', 'unsub') OR %s)",
        BY_PERSON,
    ),
    "opened_date": SQL("min(e.event_date) FILTER (WHERE %s)", OPENING),
    "last_opened_date": SQL("max(e.event_date) FILTER (WHERE %s)", OPENING),
    "open_count": SQL(
        "count(*) FILTER (WHERE e.type = 'open' AND e.is_machine IS NOT TRUE)"
    ),
    "machine_open_count": SQL(
        "count(*) FILTER (WHERE e.type IN ('open', 'click') AND e.is_machine"
        " AND e.may_open)"
    ),
    "clicked_date": SQL("min(e.event_date) FILTER (WHERE %s)", CLICK),
    "last_clicked_date": SQL("max(e.event_date) FILTER (WHERE %s)", CLICK),
    "click_count": SQL("count(*) FILTER (WHERE %s)", CLICK),
    "blocked_date": SQL("min(e.event_date) FILTER (WHERE e.type = 'blocked')"),
    "complained_date": SQL("min(e.event_date) FILTER (WHERE e.type = 'spam')"),
    "unsubscribed_date": SQL("min(e.event_date) FILTER (WHERE e.type = 'unsub')"),
    "failure": SQL(
        """
        min(CASE WHEN e.type = 'blocked' THEN '3'
                 WHEN e.bounce_type = 'hard' THEN '1' ELSE '2' END
            || to_char(e.event_date, %s) || COALESCE(e.error, e.comment, '')
            COLLATE "C") FILTER (WHERE e.type = 'blocked'
                                    OR e.bounce_type IN ('hard', 'soft'))
        """,
        FAILURE_TIME,
    ),
}


class MailjetFeedback(models.AbstractModel):
    """Applies Mailjet's events to the recipients, by SQL over whole sets.

    An event is matched to a mailing by the draft of its campaign, and to a recipient by
    the address: it carries no identifier of ours. The same events give the same rows in
    any order, and however often they come.
    """

    _name = "mailjet.feedback"
    _description = "Mass mailing feedback"

    @api.model
    def _cron_process(self):
        """Apply the waiting events, account by account."""
        for account in self._get_waiting_accounts():
            attempt(account, self._process_all)

    @api.model
    def _process_all(self, account):
        """Apply the waiting events of one account, as long as this run may take."""
        lang = account.company_id.partner_id.lang or self.env.lang
        size = BATCH
        while size:
            size = self.with_context(lang=lang)._process(account, size)

    @api.model
    def _get_waiting_accounts(self):
        rows = self.env.execute_query(
            SQL("SELECT DISTINCT account_id FROM mailjet_event_queue")
        )
        return self.env["mailjet.account"].browse(account_id for (account_id,) in rows)

    @api.model
    def _process(self, account, size):
        """Apply one batch in a transaction of its own and return how many events to
        take next; 0 to stop.

        After a conflict with another transaction, the next run retries the batch. If a
        batch cannot be applied, ever smaller parts of it are tried, until the faulty
        event is found and not applied.
        """
        try:
            applied = self._apply(account, size)
        except OperationalError as error:
            _logger.info("Events of account %s are tried again: %s", account.id, error)
            self.env.cr.rollback()
            self.env["mailjet.event"]._trigger_cron()
            self.env["ir.cron"]._commit_progress()
            return 0
        except Exception as error:
            self.env.cr.rollback()
            if size > 1:
                return max(size // PARTS, 1)
            self._give_up(account, error)
            return self._go_on(1, BATCH)
        return self._go_on(applied, size if applied == size else 0)

    @api.model
    def _go_on(self, applied, size):
        """Commit, and return how many events to take next in the remaining time."""
        seconds_left = self.env["ir.cron"]._commit_progress(applied)
        if size and not seconds_left:
            self.env["mailjet.event"]._trigger_cron()
        return size if seconds_left else 0

    @api.model
    def _give_up(self, account, error):
        """Set aside the next event, since it cannot be applied."""
        queue = self.env["mailjet.event.queue"].sudo()
        waiting = queue.search([("account_id", "=", account.id)], order="id", limit=1)
        event = self.env["mailjet.event"].sudo().browse(waiting.id)
        _logger.warning("Event %s is not applied: %s", event.id, type(error).__name__)
        event.reason = "failed"
        waiting.unlink()

    @api.model
    def _apply(self, account, size=BATCH):
        """Apply the next events once and for all, and return their number."""
        self.env.flush_all()
        taken = self._dequeue(account, size)
        if taken:
            self._drop_unmeasured()
            self._name_links()
            self._create_links()
            self.env["mailjet.recipient.tracking"]._merge(self._tracking_facts())
            self._count_clicks()
            self._mark_unmatched()
            self._note_heartbeat(account)
            self.env["mailjet.consent"]._opt_out(self._find_opt_outs(), "webhook")
            self.env["mailjet.erasure"]._drop_events()
        return taken

    # === EVENTS AND RECIPIENTS === #

    @api.model
    def _dequeue(self, account, size):
        """Take the next events out of the queue and look up their mailings and
        recipients: into the temporary table ``batch``, until the commit.

        A pending row was not mailed: another row of its address was. The statement
        reads few rows of large tables, mostly from memory; PostgreSQL's default cost
        settings, made for hard disks, would make it prefer reading whole tables.

        :return: how many events there are
        """
        self.env.cr.execute(
            """
            SET LOCAL random_page_cost = 1;
            DROP TABLE IF EXISTS pg_temp.batch;
            CREATE TEMPORARY TABLE batch (
                id integer, type varchar, event_date timestamp, is_machine boolean,
                url varchar, bounce_type varchar, error varchar, comment varchar,
                reported_date timestamp, kept_mailing_id integer, mailing_id integer,
                recipient_id integer, row_ctid tid, may_open boolean, may_click boolean
            ) ON COMMIT DROP
            """
        )
        self.env.cr.execute(
            SQL(
                """
                WITH taken AS (
                    DELETE FROM mailjet_event_queue WHERE id IN (
                        SELECT id FROM mailjet_event_queue
                         WHERE account_id = %(account)s ORDER BY id LIMIT %(size)s)
                 RETURNING id
                )
                INSERT INTO batch
                SELECT e.id, e.type, e.event_date, e.is_machine, e.url, e.bounce_type,
                       e.error, e.comment,
                       CASE WHEN e.is_fetched IS NOT TRUE THEN e.received_date END,
                       e.mailing_id, c.mailing_id, r.id, r.ctid,
                       %(may_open)s, %(may_click)s
                  FROM taken JOIN mailjet_event e USING (id)
             LEFT JOIN mailjet_campaign c ON c.mailjet_draft_id = e.mailjet_draft_id
                   AND c.account_id = e.account_id
             LEFT JOIN mailjet_recipient r ON r.mailing_id = c.mailing_id
                   AND r.email_normalized = e.email AND r.status <> 'pending'
             LEFT JOIN mailjet_mailing m ON m.id = c.mailing_id
            CROSS JOIN LATERAL (
                   SELECT e.email AS email_normalized, r.partner_id, r.lead_id) known
                """,
                account=account.id,
                size=size,
                **self._get_permissions(account),
            )
        )
        taken = self.env.cr.rowcount
        self.env.cr.execute("ANALYZE batch")
        return taken

    @api.model
    def _tracking_facts(self):
        """Return the query of the facts that the events prove about their
        recipients."""
        return SQL(
            """
            SELECT e.row_ctid, %(facts)s FROM batch e
             WHERE e.recipient_id IS NOT NULL
          GROUP BY e.row_ctid
            """,
            facts=SQL(", ").join(
                SQL("%s AS %s", expression, SQL.identifier(name))
                for name, expression in FACTS.items()
            ),
        )

    @api.model
    def _mark_unmatched(self):
        """Mark the events that match no recipient."""
        self.env.cr.execute(
            """
            UPDATE mailjet_event e
               SET mailing_id = f.mailing_id, reason = CASE
                       WHEN f.recipient_id IS NOT NULL THEN NULL
                       WHEN f.mailing_id IS NULL THEN 'unknown_mailing'
                       ELSE 'unknown_recipient' END
              FROM batch f
             WHERE f.id = e.id AND (f.recipient_id IS NULL
                   OR f.mailing_id IS DISTINCT FROM f.kept_mailing_id)
            """
        )
        self.env["mailjet.event"].invalidate_model()

    @api.model
    def _note_heartbeat(self, account):
        self.env.cr.execute(
            SQL(
                """
                UPDATE mailjet_account SET last_event_date = GREATEST(last_event_date,
                    (SELECT max(reported_date) FROM batch))
                 WHERE id = %s
                """,
                account.id,
            )
        )
        account.invalidate_recordset(["last_event_date"])

    @api.model
    def _find_opt_outs(self):
        """Return the opt-outs that the events report: one row for each address and
        cause, the first one with its proof, whichever mailing it belongs to."""
        self.env.cr.execute(
            """
            SELECT DISTINCT ON (email, cause) email, cause, event_date AS date, ip,
                   agent, comment, mailing_id
              FROM (SELECT e.*, CASE e.type WHEN 'spam' THEN 'complained'
                                            WHEN 'unsub' THEN 'unsubscribed'
                                            ELSE 'bounced' END AS cause
                      FROM batch JOIN mailjet_event e USING (id)
                     WHERE batch.type IN ('spam', 'unsub')
                           OR batch.type = 'bounce' AND batch.bounce_type = 'hard') e
          ORDER BY email, cause, event_date, id
            """
        )
        return self.env.cr.dictfetchall()
