"""Time that passes when a test wants it to: the dates of the mailings in the database
are moved back, and the add-on does not know."""

from servers import wait_until

JOB = "SELECT res_id FROM ir_model_data WHERE name = 'ir_cron_delivery'"
# Odoo's own wait for the next turn of the sending job.
MOVE_ALARMS = [
    "UPDATE ir_cron_trigger SET call_at = call_at - interval '1 hour' WHERE id IN"
    " (SELECT id FROM ir_cron_trigger WHERE call_at > now() AT TIME ZONE 'UTC'"
    " FOR UPDATE SKIP LOCKED)",
    "UPDATE ir_cron SET nextcall = nextcall - interval '1 minute' WHERE id IN"
    f" (SELECT id FROM ir_cron WHERE id = ({JOB})"
    " AND nextcall > now() AT TIME ZONE 'UTC' FOR NO KEY UPDATE SKIP LOCKED)",
]
# The mailings that wait and that no worker holds, how long they wait for the next thing
# that happens to one of their campaigns, and whether Mailjet holds one.
FREE_MAILINGS = """
    WITH free AS (
        SELECT c.mailing_id, c.send_requested_date,
               c.next_action_date - now() AT TIME ZONE 'UTC' AS wait
          FROM mailjet_campaign c JOIN mailjet_mailing m ON m.id = c.mailing_id
           FOR NO KEY UPDATE SKIP LOCKED
    )
    SELECT mailing_id, GREATEST(min(wait), %(pace)s * interval '1 second'),
           bool_or(send_requested_date IS NOT NULL AND wait IS NOT NULL)
      FROM free GROUP BY mailing_id
    HAVING min(wait) IS NOT NULL AND count(*) = (
           SELECT count(*) FROM mailjet_campaign c WHERE c.mailing_id = free.mailing_id)
"""
# Seconds that pass each time, at least.
PACE = 60
SLOW_PACE = 5
SETTLE_SECONDS = 120  # of real time, for one mailing


class Clock:
    """The time of the mailings in a database, and of what the sandbox has planned."""

    def __init__(self, database, sandbox):
        self.database, self.sandbox = database, sandbox
        self.pace = PACE
        self._dates = database.sql(
            "SELECT table_name, string_agg(format('%1$I = %1$I - %%(wait)s',"
            " column_name), ', ') FROM information_schema.columns WHERE table_name IN"
            " ('mailjet_mailing', 'mailjet_campaign')"
            " AND data_type = 'timestamp without time zone' GROUP BY table_name"
        )

    def stop_other_jobs(self):
        """Let no scheduled job run except that of the sending."""
        self.database.sql(
            "UPDATE ir_cron SET nextcall = now() + interval '1 year'"
            f" WHERE id <> ({JOB})"
        )

    def get_hour(self, minutes):
        """Return the time so many minutes from now, as users' calls have it."""
        [(hour,)] = self.database.sql(
            "SELECT to_char(now() AT TIME ZONE 'UTC' + %s * interval '1 minute',"
            " 'YYYY-MM-DD HH24:MI:SS')",
            minutes,
        )
        return hour

    def wait_until(self, condition, what):
        """Let time pass until a condition holds."""
        wait_until(lambda: condition() or self.let_time_pass(), SETTLE_SECONDS, what)

    def let_time_pass(self):
        """Bring what the mailings and their job wait for nearer, except mailings that a
        worker is busy with, and wake the workers up. The hour of what Mailjet holds
        comes nearer with the mailing's."""
        with self.database.transaction() as cursor:
            cursor.execute(FREE_MAILINGS, {"pace": self.pace})
            for mailing, wait, has_told_mailjet in cursor.fetchall():
                if has_told_mailjet:
                    seconds = {"seconds": wait.total_seconds()}
                    self.sandbox.control("POST", "schedules", json=seconds)
                self._move_dates(cursor, mailing, wait)
        with self.database.transaction() as cursor:
            for statement in MOVE_ALARMS:
                cursor.execute(statement)
        self.database.wake_workers()

    def _move_dates(self, cursor, mailing, wait):
        """Move all dates of a mailing and its campaigns back by a while."""
        for table, assignments in self._dates:
            key = "id" if table == "mailjet_mailing" else "mailing_id"
            cursor.execute(
                f"UPDATE {table} SET {assignments} WHERE {key} = %(mailing)s",
                {"wait": wait, "mailing": mailing},
            )
