"""The messages that were sent, rendered, as `GET /_sandbox/messages` answers them."""

import json

from . import envelope
from .rendering import MAILS, Mail


def select(sandbox, args):
    """The messages that fit the filters of a request, as JSON objects."""
    where, values = ["1"], []
    if recipient := args.get("recipient"):
        where.append("message.email = ?")
        values.append(recipient.lower())
    if campaign := args.get("campaign"):
        where.append("? IN (message.campaign_id, custom_value)")
        values.append(int(campaign) if campaign.isdigit() else campaign)
    if kind := args.get("kind"):
        where.append("content.kind = ?")
        values.append(kind)
    values += [args.get("limit", 100, int)]
    values += [args.get("offset", 0, int)]
    with sandbox.store.read() as db:
        rows = db.execute(
            f"{MAILS} WHERE {' AND '.join(where)} ORDER BY message.id LIMIT ? OFFSET ?",
            values,
        ).fetchall()
    return [_describe(sandbox, row) for row in rows]


def _describe(sandbox, row):
    mail = Mail(sandbox, row)
    plain = ("id", "kind", "from_name", "reply_to", "campaign_id", "contact_id")
    return {name: row[name] for name in (*plain, "custom_id", "status")} | {
        "to": row["email"],
        "to_name": row["name"],
        "from": row["from_email"],
        "campaign": row["custom_value"] or "",
        "time": envelope.rfc3339(row["arrived_at"]),
        "headers": json.loads(row["headers"]),
        "subject": mail.subject,
        "html": mail.html,
        "text": mail.text,
        "permalink": mail.permalink,
        "unsubscribe": mail.unsubscribe,
    }
