"""What test_upgrade.py runs in the shells of the first version and of this one."""

# Beside the demo data: what the first version stored in another way.
USE = """
Partner = env["res.partner"]
ticked = Partner.create({"name": "Ticked", "email": "ticked@example.com"})
ticked.massmailing_unsubscribed = True
ticked.massmailing_unsubscribed_reason = "Asked on the phone"
env["crm.lead"].create(
    {
        "name": "A lead",
        "email_from": "ticked.lead@example.com",
        "massmailing_unsubscribed": True,
    }
)
Partner.create({"name": "Without address", "massmailing_unsubscribed": True})
env["mailjet.consent"]._tighten(
    [
        {
            "email": "ticked@example.com",
            "cause": "complained",
            "date": "2026-03-01 10:00:00",
        }
    ]
)
env["mail.blacklist"]._add("blocked@example.com")
account = env["mailjet.account"].search([], limit=1)
sender = env["mailjet.sender"].search(
    [("account_id", "=", account.id), ("status", "=", "active")], limit=1
)
states = {
    "draft": {},
    "in_queue": {"delivery_step": "freeze"},
    "preparing": {"delivery_step": "content", "mailjet_list_id": "7"},
    "sending": {
        "delivery_step": "follow",
        "mailjet_list_id": "17",
        "mailjet_job_id": "18",
        "mailjet_draft_id": "8",
    },
    "failed": {
        "delivery_step": "draft",
        "delivery_message": "Out of order",
        "mailjet_list_id": "27",
    },
    "cancelled": {},
    "done": {
        "sent_date": "2026-03-02 10:00:00",
        "sent_count": 5,
        "mailjet_list_id": "37",
        "mailjet_draft_id": "38",
        "mailjet_campaign_id": "39",
    },
}
for state, values in states.items():
    mailing = env["mailjet.mailing"].create(
        {
            "name": f"Upgraded {state}",
            "subject": "Hello $contacts-firstname$",
            "account_id": account.id,
            "sender_id": sender.id,
            "composition": "html",
            "body_code": "<p>Dear $contacts-firstname|reader$</p>",
        }
    )
    recipients = env["ir.filters"].create(
        {
            "name": f"For {state}",
            "model_id": "res.partner",
            "domain": "[('email', '=like', '%@example.com')]",
            "user_ids": False,
        }
    )
    mailing.action_load_filter(recipients.id)
    mailing.sudo().write({"state": state, **values})
    if state in ("cancelled", "failed"):
        env["mailjet.upload"].sudo().create(
            {
                "mailing_id": mailing.id,
                "first_row": 1,
                "last_row": 2,
                "state": "done",
                "job_id": "28",
            }
        )
env["mailjet.mailing"].search([("name", "=", "Upgraded preparing")]).sudo().write(
    {
        "delivery_step": "hold",
        "departure_date": "2026-03-03 10:00:00",
        "departure_count": 2,
        "programmed_date": "2026-03-04 10:00:00",
        "sending_number": 3,
    }
)
target = env["mailjet.target"].create(
    {
        "name": "Excluded",
        "contact_ids": Partner.create(
            {"name": "Excluded", "email": "excluded@example.com"}
        ).ids,
    }
)
draft = env["mailjet.mailing"].search([("name", "=", "Upgraded draft")])
Partner.create({"name": "Twin", "email": "excluded@example.com"})
draft.action_load_filter(
    env["ir.filters"]
    .create(
        {
            "name": "Twins",
            "model_id": "res.partner",
            "domain": "[('email', '=', 'excluded@example.com')]",
            "user_ids": False,
        }
    )
    .id
)
draft.action_leave_out_target(target.id)
draft.sudo().pressure_days = 4
env.company.mailjet_pressure_days = 6
account.sudo().write({"probe_email": "probe@example.com"})
env["ir.filters"].create(
    [
        {
            "name": "Late ones",
            "model_id": "mailjet.mailing",
            "domain": "[('is_late', '=', True), ('left_out_count', '>', 0),"
            " ('delivery_step', '!=', 'hold'), ('name', 'ilike', 'on hold')]",
            "context": "{'group_by': ['departure_date:day']}",
            "sort": '["new_date desc"]',
        },
        {"name": "Differences", "model_id": "mailjet.disagreement"},
    ]
)
env["mailjet.test"].sudo().create({"mailing_id": draft.id, "html": "<p>Test</p>"})
"""
# Later commits stored more on the mailing.
FREEZE = """
env.cr.execute(
    "ALTER TABLE mailjet_mailing ADD COLUMN frozen_subject varchar,"
    " ADD COLUMN frozen_values jsonb, ADD COLUMN property_slot integer"
)
env.cr.execute(
    "UPDATE mailjet_mailing SET frozen_subject = 'Frozen', property_slot = 3,"
    " frozen_values = jsonb_build_object('zone', 'UTC') WHERE state = 'sending'"
)
"""
# A mailing that the first version hands over to Mailjet, and this one sends.
BEGIN = """
from odoo.addons.massmailing_mailjet.models import mailjet_delivery

mailjet_delivery.RUN_SECONDS = -1
env.company.mailjet_undo_minutes = 0
account = env.ref("massmailing_mailjet.mailjet_account_demo").sudo()
account.api_url = "SANDBOX"
people = env["res.partner"].create(
    [{"name": name, "email": f"{name}@example.com"} for name in ("Ida", "Olaf")]
)
mailing = env["mailjet.mailing"].create(
    {
        "name": "Continued",
        "subject": "Continued, $contacts-firstname$",
        "account_id": account.id,
        "sender_id": env.ref("massmailing_mailjet.mailjet_sender_newsletter_demo").id,
        "composition": "html",
        "body_code": "<p>Dear $contacts-firstname|reader$</p>",
    }
)
recipients = env["ir.filters"].create(
    {
        "name": "Ida and Olaf",
        "model_id": "res.partner",
        "domain": str([("id", "in", people.ids)]),
        "user_ids": False,
    }
)
mailing.action_load_filter(recipients.id)
mailing.action_send()
for _run in range(60):
    if mailing.delivery_step == "draft":
        break
    mailing.sudo().next_action_date = "2026-01-01 00:00:00"
    env["mailjet.delivery"]._cron_process()
assert mailing.delivery_step == "draft", (mailing.state, mailing.delivery_message)
"""
CONTINUE = """
mailing = env["mailjet.mailing"].search([("name", "=", "Continued")])
campaign = mailing.mailjet_campaign_ids
assert campaign.mailjet_list_id
assert campaign.filtered_domain(env["mailjet.delivery"]._get_due_domain())
for _run in range(10):
    env["mailjet.delivery"]._cron_process()
    if mailing.state == "done":
        break
    campaign.next_action_date = "2026-01-01 00:00:00"
assert mailing.state == "done", (mailing.delivery_step, mailing.delivery_message)
assert campaign.mailjet_campaign_id and campaign.sent_count == 2
"""
CHECK = """
for email in ("ticked@example.com", "ticked.lead@example.com"):
    made = env["res.partner"].create({"name": "Again", "email": email})
    assert made.massmailing_unsubscribed, email
again = env["res.partner"].search([("name", "=", "Ticked")])
assert again.massmailing_unsubscribed_cause == "complained"
nameless = env["res.partner"].search([("name", "=", "Without address")])
assert nameless.massmailing_unsubscribed
mailings = env["mailjet.mailing"].search([("name", "like", "Upgraded ")])
assert len(mailings) == 7, mailings
for mailing in mailings:
    assert mailing.name == f"Upgraded {mailing.state}", mailing.name
    rows = env["mailjet.recipient"].search([("mailing_id", "=", mailing.id)])
    assert mailing.recipient_count == len(rows) > 0
    mailing.get_view(view_type="form")
    mailing.read()
    is_open = mailing.state in ("draft", "cancelled")
    assert mailing.step == ("details" if is_open else "sending"), mailing.state
draft = mailings.filtered(lambda mailing: mailing.state == "draft")
opted_out = env["mailjet.recipient"].search(
    [("mailing_id", "=", draft.id), ("email_normalized", "=", "ticked@example.com")]
)
assert opted_out.exclusion_reason == "complained", refusing.exclusion_reason
held = mailings.filtered(lambda mailing: mailing.state == "preparing")
campaigns = {mailing.state: mailing.mailjet_campaign_ids for mailing in mailings}
for mailing in mailings:
    campaign = campaigns[mailing.state]
    is_open = mailing.state in ("draft", "cancelled")
    assert len(campaign) == (not is_open), mailing.state
    for name in (
        *("account_id", "state", "delivery_step", "delivery_message", "is_stalled"),
        *("needs_confirmation", "send_requested_date", "mailjet_schedule_date"),
        *("sent_date", "sent_count"),
    ):
        assert is_open or campaign[name] == mailing[name], (mailing.state, name)
assert campaigns["in_queue"].delivery_step == "freeze"
assert campaigns["preparing"].mailjet_list_id == "7"
sending = campaigns["sending"]
assert sending.mailjet_list_id == "17" and sending.mailjet_job_id == "18"
assert sending.mailjet_draft_id == "8"
assert sending.frozen_subject == "Frozen"
slot = env["mailjet.property.slot"].sudo().search([])
assert (slot.mailing_id, slot.account_id, slot.number) == (
    sending.mailing_id,
    sending.account_id,
    3,
)
assert sending.frozen_values == {"zone": "UTC"}
failed = campaigns["failed"]
assert failed.delivery_message == "Out of order"
# Its recipients are uploaded again, with other properties.
assert failed.delivery_step == "properties", failed.delivery_step
upload = env["mailjet.upload"].search([("campaign_id", "=", failed.id)])
assert (upload.state, upload.mailing_id) == ("draft", failed.mailing_id)
done = campaigns["done"]
assert done.mailjet_list_id == "37" and done.mailjet_draft_id == "38"
assert done.mailjet_campaign_id == "39" and done.sent_count == 5
assert not env["mailjet.upload"].search([("mailing_id.state", "=", "cancelled")])
env.cr.execute("SELECT * FROM mailjet_mailing LIMIT 0")
assert not {"mailjet_list_id", "next_action_date", "send_attempts"} & {
    column.name for column in env.cr.description
}
assert held.delivery_step == "scheduled", held.delivery_step
assert str(held.send_requested_date) == "2026-03-03 10:00:00"
assert str(held.mailjet_schedule_date) == "2026-03-04 10:00:00"
assert (campaigns["preparing"].send_attempts, held.attempt) == (2, 3)
assert campaigns["preparing"].attempt == 3
assert (draft.frequency_cap_days, env.company.mailjet_frequency_cap_days) == (4, 6)
excluded = env["mailjet.recipient"].search(
    [("mailing_id", "=", draft.id), ("email_normalized", "=", "excluded@example.com")]
)
assert excluded.mapped("exclusion_reason") == ["excluded_target"] * 2
assert draft.excluded_target_count == 2, draft.excluded_target_count
assert "exclude" in draft.load_ids.mapped("mode")
assert env["mailjet.account"].search([("health_test_email", "=", "probe@example.com")])
saved = env["ir.filters"].search([("name", "=", "Late ones")])
assert saved.domain == (
    "[('needs_confirmation', '=', True), ('excluded_target_count', '>', 0),"
    " ('delivery_step', '!=', 'scheduled'), ('name', 'ilike', 'on hold')]"
), saved.domain
assert "send_requested_date:day" in saved.context, saved.context
assert "reschedule_date" in saved.sort, saved.sort
differences = env["ir.filters"].search([("name", "=", "Differences")])
assert differences.model_id == "mailjet.suppression.report", differences.model_id
assert env["mailjet.test.message"].search([("mailing_id", "=", draft.id)]).html
cron = env.ref("massmailing_mailjet.ir_cron_sync")
assert cron.model_id.model == "mailjet.sync", cron.model_id.model
assert not env["ir.model"].search([("model", "in", ("mailjet.test", "mailjet.pull"))])
for model in env:
    if model.startswith("mailjet.") and not env[model]._abstract:
        env[model].search([], limit=5).read()
"""
