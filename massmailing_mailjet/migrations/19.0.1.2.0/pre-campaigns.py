"""What a mailing knew of its one campaign at Mailjet becomes a campaign of its own."""

# Columns of ``mailjet_mailing`` that a campaign has instead, or as well.
MOVED = (
    *("state", "delivery_step", "delivery_message", "next_action_date", "attempt"),
    *("retry_count", "member_looks", "content_looks", "is_stalled", "sent_count"),
    *("needs_confirmation", "schedule_date", "schedule_locally", "sent_date"),
    *("send_requested_date", "send_attempts", "mailjet_schedule_date"),
    *("mailjet_list_id", "mailjet_job_id", "mailjet_draft_id", "mailjet_campaign_id"),
    *("frozen_subject", "frozen_html", "frozen_text", "frozen_preview"),
    *("frozen_title", "frozen_locale", "frozen_values", "frozen_links"),
    *("property_slot", "synchronized_date", "sync_requested_date", "sync_phase"),
    *("sync_offset", "listed_count", "mailjet_count"),
)


def migrate(cr, version):
    """Create a campaign for each mailing that is being sent, was sent or has failed;
    first versions lack some of the columns."""
    if _get_columns(cr, "mailjet_campaign"):
        return
    columns = _get_columns(cr, "mailjet_mailing")
    moved = ", ".join(name for name in MOVED if name in columns)
    cr.execute(
        f"""
        CREATE TABLE mailjet_campaign AS
        SELECT id AS mailing_id, account_id, 1 AS sequence, create_uid, create_date,
               write_uid, write_date, {moved}
          FROM mailjet_mailing WHERE state NOT IN ('draft', 'cancelled');
        ALTER TABLE mailjet_campaign ADD COLUMN id SERIAL PRIMARY KEY;
        ALTER TABLE mailjet_upload ADD COLUMN campaign_id integer;
        UPDATE mailjet_upload u SET campaign_id = c.id
          FROM mailjet_campaign c WHERE c.mailing_id = u.mailing_id;
        DELETE FROM mailjet_upload WHERE campaign_id IS NULL;
        ALTER TABLE mailjet_upload DROP COLUMN mailing_id;
        """
    )


def _get_columns(cr, table):
    cr.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND table_name = %s",
        [table],
    )
    return {name for (name,) in cr.fetchall()}
