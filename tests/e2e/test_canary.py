"""A mailing to a small share first, whose result stops the rest."""

from contextlib import closing

import psycopg2
import pytest
from playwright.sync_api import expect
from servers import wait_until
from test_versions import make_readers

pytestmark = pytest.mark.browser
CRON = "Mass Mailing: send through Mailjet"


@pytest.fixture
def mailing(admin, user):
    """A mailing to twenty people that is sent to four of them first."""
    make_readers(admin, user, "Readers of a canary", 20)
    values = {
        "name": "A small share first",
        "subject": "A small share first",
        "composition": "html",
        "body_code": "<p>Dear reader</p>",
        "send_mode": "canary",
        "canary_share": 20,
    }
    (mailing,) = user.call("mailjet.mailing", "create", [values])
    readers = user.find("ir.filters", ("name", "=", "Readers of a canary"))
    user.call("mailjet.mailing", "action_load_filter", [mailing], readers)
    user.call("mailjet.mailing", "write", [mailing], {"step": "sending"})
    return mailing


def let_hours_pass(database, mailing):
    """Let the time come at which the first share is judged."""
    with closing(psycopg2.connect(dbname=database)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE mailjet_mailing SET canary_date = now() at time zone 'utc'"
                " WHERE id = %s",
                [mailing],
            )
            cursor.execute(
                "UPDATE mailjet_campaign SET next_action_date = now() at time zone"
                " 'utc' WHERE mailing_id = %s AND awaits_decision",
                [mailing],
            )


def count_bounces(user, mailing):
    return user.read("mailjet.mailing", mailing, "bounced_count")["bounced_count"]


def test_bounces_stop_the_rest_until_someone_decides(
    open_page, odoo, admin, user, sandbox, mailing, reported
):
    ui = open_page("demo")
    ui.page.goto(f"{ui.odoo.url}/odoo/mass-mailing/{mailing}")
    ui.expect_step("Send")
    expect(ui.page.locator(".o_mailjet_campaigns tbody tr")).to_have_count(2)
    ui.acknowledge_checks()
    ui.press("Send now")
    ui.confirm("Send now")
    canary = ui.page.locator(".o_mailjet_canary")
    expect(canary).to_contain_text("The rest is sent on", timeout=60_000)

    first = [m for m in sandbox.messages() if m["subject"] == "A small share first"]
    assert len(first) == 4
    for message in first[:2]:
        event = {"recipient": message["to"], "type": "bounce"}
        event["fields"] = {"hard_bounce": True}
        sandbox.control("POST", "events", json=event)
    wait_until(
        lambda: count_bounces(user, mailing) == 2, 90, "both bounces are reported"
    )
    let_hours_pass(odoo.database, mailing)
    cron = admin.find("ir.cron", ("cron_name", "=", CRON))
    admin.call("ir.cron", "method_direct_trigger", [cron])

    ui.page.reload()
    expect(canary).to_contain_text("Bounces: 2 of 4 emails, which is 50.00 %")
    expect(canary).to_contain_text("2 from “Readers of a canary”")
    canary.get_by_role("button", name="Show these recipients").click()
    expect(ui.page.locator(".o_data_row")).to_have_count(2)
    ui.page.locator(".breadcrumb a", has_text="A small share first").click()
    canary.get_by_role("button", name="Send the rest").click()
    ui.confirm("Send the rest")
    expect(ui.page.locator(".alert-success")).to_contain_text("Sent on", timeout=60_000)
    sent = [m for m in sandbox.messages() if m["subject"] == "A small share first"]
    assert len({message["to"] for message in sent}) == len(sent) == 20
