"""A database of the first version (commit fc3f743) is upgraded to this one."""

import io
import os
import subprocess
import tarfile
from pathlib import Path

import pytest
from scratch_database import ADDON, ScratchDatabase

FIRST_VERSION = "fc3f743"
CHECKOUT = Path(__file__).resolve().parents[2]

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
    "sending": {"delivery_step": "follow", "mailjet_draft_id": "8"},
    "failed": {"delivery_step": "draft"},
    "cancelled": {},
    "done": {"sent_date": "2026-03-02 10:00:00"},
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
        "name": "Left out",
        "contact_ids": Partner.create(
            {"name": "Left out", "email": "left.out@example.com"}
        ).ids,
    }
)
draft = env["mailjet.mailing"].search([("name", "=", "Upgraded draft")])
Partner.create({"name": "Twin", "email": "left.out@example.com"})
draft.action_load_filter(
    env["ir.filters"]
    .create(
        {
            "name": "Twins",
            "model_id": "res.partner",
            "domain": "[('email', '=', 'left.out@example.com')]",
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
assert held.delivery_step == "scheduled", held.delivery_step
assert str(held.send_requested_date) == "2026-03-03 10:00:00"
assert str(held.mailjet_schedule_date) == "2026-03-04 10:00:00"
assert (held.send_attempts, held.attempt) == (2, 3)
assert (draft.frequency_cap_days, env.company.mailjet_frequency_cap_days) == (4, 6)
left_out = env["mailjet.recipient"].search(
    [("mailing_id", "=", draft.id), ("email_normalized", "=", "left.out@example.com")]
)
assert left_out.mapped("exclusion_reason") == ["excluded_target"] * 2
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


@pytest.fixture(scope="module")
def first_version(scratch):
    """The folder that holds the add-on as it was."""
    command = ["git", "-C", CHECKOUT, "archive", "--format=tar", FIRST_VERSION, ADDON]
    archive = subprocess.run(command, capture_output=True)
    assert not archive.returncode, (
        f"This test needs commit {FIRST_VERSION}: clone with the whole history. "
        + archive.stderr.decode()
    )
    folder = scratch / FIRST_VERSION
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        files.extractall(folder, filter="data")
    return folder


@pytest.fixture(scope="module")
def database(scratch):
    name = f"{os.environ['MASSMAILING_TEST_DB_PREFIX']}upgrade"
    database = ScratchDatabase(name, scratch)
    yield database
    database.drop()


def test_a_database_of_the_first_version_is_upgraded(database, first_version):
    now = database.addons_path
    database.addons_path = now.replace(str(CHECKOUT), str(first_version))
    database.run("-i", ADDON, "--with-demo")
    database.shell(USE)
    database.addons_path = now
    database.run("-u", ADDON)
    database.shell(CHECK)
