"""What is answered to who asks for openings, clicks and their counters."""

import pytest

from mailjet_sandbox.envelope import rfc3339

SINCE = "2020-01-01T00:00:00Z"


@pytest.fixture
def sent(api):
    """A campaign of which one of two e-mails was opened twice and clicked once."""
    api.list_id = api.new_list("ann@example.com", "bob@example.com")
    api.draft_id = api.new_draft(
        api.list_id, html='<a href="[[UNSUB_LINK_EN]]">Out</a>'
    )
    api.send(api.draft_id)
    api.campaign_id = api.one("campaign", id=f"mj.nl={api.draft_id}")["ID"]
    happen(api, "open", agent="Thunderbird")
    happen(api, "open", agent="Mozilla/5.0")
    happen(api, "click", url="https://example.com/a")
    return api


def happen(api, kind, **fields):
    event = {"recipient": "ann@example.com", "type": kind, "fields": fields}
    api.control("POST", "events", json=event)


def ask(api, resource, **filters):
    filters = {"CampaignID": api.campaign_id, "EventFromTs": SINCE, **filters}
    return getattr(api.v3, resource).get(filters=filters).json()["Data"]


def test_openings_and_clicks_name_their_message(sent):
    ann = next(mail for mail in sent.messages() if mail["to"] == "ann@example.com")
    opened = ask(sent, "openinformation")
    assert [row["UserAgentFull"] for row in opened] == ["Thunderbird", "Mozilla/5.0"]
    assert {row["MessageID"] for row in opened} == {ann["id"]}
    (click,) = ask(sent, "clickstatistics")
    assert (click["MessageID"], click["Url"]) == (ann["id"], "https://example.com/a")
    assert "email" not in " ".join(click).lower()


def test_they_are_found_by_campaign_and_time(sent):
    assert ask(sent, "openinformation", CampaignID=1) == []
    later = rfc3339(sent.sandbox.now() + 60)
    assert ask(sent, "openinformation", EventFromTs=later) == []
    assert len(ask(sent, "openinformation", Limit=1, Offset=1)) == 1


def test_without_a_start_only_today_is_answered(sent):
    sent.control("PUT", "settings", json={"clock_offset": 2 * 86_400})
    filters = {"CampaignID": sent.campaign_id}
    assert sent.v3.openinformation.get(filters=filters).json()["Data"] == []
    assert len(ask(sent, "openinformation")) == 2


def test_counters_count_what_happened(sent):
    happen(sent, "unsub")
    for timing in ("Message", "Event"):
        filters = {
            "CounterSource": "Campaign",
            "SourceID": sent.campaign_id,
            "CounterTiming": timing,
            "CounterResolution": "Lifetime",
        }
        (row,) = sent.v3.statcounters.get(filters=filters).json()["Data"]
        names = ("EventOpenedCount", "EventClickedCount", "EventUnsubscribedCount")
        assert [row[name] for name in names] == [2, 1, 1]
        assert (row["Total"], row["MessageSentCount"]) == (2, 2)
        assert row["MessageUnsubscribedCount"] == 1
