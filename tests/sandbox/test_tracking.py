"""A key whose tracking is off, and what its campaigns tell of it."""

import sqlite3

from mailjet_sandbox import DEFAULT_KEY
from mailjet_sandbox.store import Store

HTML = '<a href="https://example.com/a">A</a> <a href="[[UNSUB_LINK_EN]]">Out</a>'


def send(api, **switches):
    """Send a campaign of a key with these switches, and return its row."""
    api.control("PUT", "keys", json={"public": DEFAULT_KEY[0], **switches})
    draft_id = api.new_draft(api.new_list("ann@example.com"), html=HTML)
    api.send(draft_id)
    return api.one("campaign", id=f"mj.nl={draft_id}")


def happen(api, kind):
    event = {"recipient": "ann@example.com", "type": kind, "fields": {}}
    api.control("POST", "events", json=event)


def read_status(api, campaign):
    return api.one("message", filters={"Campaign": campaign["ID"]})["Status"]


def test_a_campaign_is_tracked_as_its_key_says(api):
    tracked = send(api)
    assert (tracked["OpenTracked"], tracked["ClickTracked"]) == (1, 1)
    clicks = send(api, open_tracked=0)
    assert (clicks["OpenTracked"], clicks["ClickTracked"]) == (0, 1)
    nothing = send(api, open_tracked=0, click_tracked=0)
    assert (nothing["OpenTracked"], nothing["ClickTracked"]) == (0, 0)


def test_nothing_is_known_of_openings_and_clicks_of_one_that_is_not(api):
    campaign = send(api, open_tracked=0, click_tracked=0)
    happen(api, "open")
    happen(api, "click")
    assert read_status(api, campaign) == "sent"
    happen(api, "unsub")
    assert read_status(api, campaign) == "unsub"


def test_its_emails_track_nothing(api):
    send(api, open_tracked=0, click_tracked=0)
    (mail,) = api.messages()
    html = api.raw("GET", f"/message/{mail['id']}/html", auth=None).text
    assert "/open/" not in html and "/click/" not in html
    assert 'href="https://example.com/a"' in html


def test_the_key_may_not_reach_its_campaigns(api):
    api.control("PUT", "settings", json={"tracking_reaches": 0})
    campaign = send(api, open_tracked=0, click_tracked=0)
    assert (campaign["OpenTracked"], campaign["ClickTracked"]) == (1, 1)
    happen(api, "open")
    assert read_status(api, campaign) == "opened"


def test_a_file_of_an_earlier_version_gets_the_switches(tmp_path):
    db = sqlite3.connect(tmp_path / "sandbox.sqlite3")
    db.execute(
        "CREATE TABLE apikey (id INTEGER PRIMARY KEY AUTOINCREMENT, public TEXT)"
    )
    db.execute("INSERT INTO apikey (public) VALUES ('public')")
    db.commit()
    db.close()
    store = Store(tmp_path, [("now", 0, lambda: 0)])
    with store.read() as reader:
        assert reader.execute("SELECT open_tracked FROM apikey").fetchone()[0] == 1
    store.close()
