"""What a sent campaign leaves: the campaign, its messages, its counters, its mails."""

import json

import pytest

from .conftest import SENDER

DAY = 86_400


@pytest.fixture
def sent(api):
    """A campaign to Ann (of Oslo) and Bob; sets `sent.list_id` and `sent.draft_id`."""
    options = json.dumps({"FieldNames": ["email", "city"]})
    api.list_id = api.new_list()
    text = "ann@example.com,Oslo\nbob@example.com,"
    api.import_csv(api.list_id, text, ImportOptions=options)
    api.draft_id = api.new_draft(
        api.list_id,
        html='<a href="https://example.com/?c=[[data:city:"none"]]">[[data:city]]</a>'
        " {{data:city}} [[EMAIL_TO]] [[UNSUB_LINK_EN]] [[UNSUB_LINK]] [[PERMALINK]]"
        ' [[data:unknown:"fallback"]]',
        Subject='Hello [[data:city:"there"]]',
        SenderName="Example Ltd",
        ReplyEmail="reply@example.com",
    )
    api.send(api.draft_id)
    return api


def test_only_those_who_may_be_written_to(api):
    names = ("ann", "unsubscribed", "excluded", "removed")
    list_id = api.new_list(*[f"{name}@example.com" for name in names])
    for method, name in (("unsub", names[1]), ("remove", names[3])):
        api.import_csv(list_id, f"email\n{name}@example.com", Method=method)
    api.v3.contact.update(
        id="excluded@example.com", data={"IsExcludedFromCampaigns": True}
    )
    api.send(api.new_draft(list_id))
    (message,) = api.messages()
    assert (message["to"], message["from"]) == ("ann@example.com", SENDER)
    assert api.one("message", filters={})["ContactID"] == message["contact_id"]


def test_personalisation(sent):
    ann, bob = sent.messages()
    assert [ann["subject"], bob["subject"]] == ["Hello Oslo", "Hello there"]
    assert ann["html"] == (
        '<a href="https://example.com/?c=Oslo">Oslo</a> {{data:city}} ann@example.com'
        f" {ann['unsubscribe']} [[UNSUB_LINK]] {ann['permalink']} fallback"
    )
    assert bob["html"].startswith('<a href="https://example.com/?c=none"></a>')
    assert (ann["from_name"], ann["reply_to"]) == ("Example Ltd", "reply@example.com")
    assert len({mail[key] for mail in (ann, bob) for key in ("permalink",)}) == 2


def test_a_message_keeps_the_values_it_left_with(sent):
    data = {"Data": [{"Name": "city", "Value": "Rome"}]}
    sent.v3.contactdata.update(id="ann@example.com", data=data)
    assert sent.messages()[0]["subject"] == "Hello Oslo"


def test_in_a_test_the_system_links_stay_as_they_are(sent):
    data = {"Recipients": [{"Email": "ann@example.com"}, {"Email": "me@example.com"}]}
    sent.v3.campaigndraft_test.create(id=sent.draft_id, data=data)
    ann, me = sent.wait(lambda: sent.messages(kind="test"), len)
    assert [ann["subject"], me["subject"]] == ["Hello Oslo", "Hello there"]
    assert "[[UNSUB_LINK_EN]] [[UNSUB_LINK]] [[PERMALINK]]" in ann["html"]


def test_the_campaign_row(sent):
    row = sent.one("campaign", id=f"mj.nl={sent.draft_id}")
    assert (row["CampaignType"], row["ListID"]) == (2, sent.list_id)
    assert row["Subject"] == 'Hello [[data:city:"there"]]'
    assert row["SendEndAt"] >= row["SendStartAt"] > ""
    assert row["FirstMessageID"] == sent.messages()[0]["id"]
    assert sent.one("campaign", id=row["ID"]) == row
    filters = {"CustomCampaign": f"mj.nl={sent.draft_id}"}
    assert sent.one("campaign", filters=filters) == row
    assert sent.one("campaigndraft", id=sent.draft_id)["CampaignID"] == row["ID"]


def test_campaigns_of_yesterday_need_a_filter(sent):
    def count(**filters):
        return len(sent.v3.campaign.get(filters=filters).json()["Data"])

    assert count() == 1
    sent.control("PUT", "settings", json={"clock_offset": 2 * DAY})
    assert count() == count(IsDeleted="false") == count(Period="Day") == 0
    assert count(Period="Week") == count(FromTS="2020-01-01T00:00:00Z") == 1


def test_message_rows(sent):
    campaign_id = sent.one("campaign", id=f"mj.nl={sent.draft_id}")["ID"]
    filters = {"Campaign": campaign_id, "Limit": 1000, "Sort": "ID"}
    rows = sent.v3.message.get(filters=filters).json()["Data"]
    assert [row["ContactAlt"] for row in rows] == ["", ""]
    assert {row["Status"] for row in rows} == {"sent"}
    assert "StateID" not in rows[0]
    filters["ShowContactAlt"] = "true"
    shown = sent.v3.message.get(filters=filters).json()["Data"]
    emails = [row["ContactAlt"] for row in shown]
    assert emails == ["ann@example.com", "bob@example.com"]
    assert sent.one("message", id=rows[0]["ID"])["UUID"] == rows[0]["UUID"]
    for number, expected in ((2, 2), (8, 0)):
        filters["MessageStatus"] = number
        assert len(sent.v3.message.get(filters=filters).json()["Data"]) == expected


def counters(api, source, **filters):
    filters = {
        "CounterSource": source,
        "CounterTiming": "Message",
        "CounterResolution": "Lifetime",
        **filters,
    }
    return api.v3.statcounters.get(filters=filters).json()["Data"]


def test_counters(sent):
    campaign = sent.one("campaign", id=f"mj.nl={sent.draft_id}")
    sources = {
        "Campaign": campaign["ID"],
        "List": sent.list_id,
        "Sender": campaign["FromID"],
    }
    for source, ident in sources.items():
        (row,) = counters(sent, source, SourceId=ident)
        totals = (row["SourceID"], row["MessageSentCount"], row["Total"])
        assert totals == (ident, 2, 2)
    month = {"CounterResolution": "Day", "FromTS": "2020-01-01T00:00:00Z"}
    (row,) = counters(sent, "APIKey", **month)
    assert (row["Total"], row["Timeslice"][10:]) == (2, "T00:00:00Z")


@pytest.mark.parametrize(
    ("source", "change"),
    [
        ("Key", {}),
        ("Campaign", {}),
        ("APIKey", {"CounterResolution": "Day"}),
        ("APIKey", {"CounterTiming": "Never"}),
        ("Sender", {"CounterTiming": "Event", "SourceID": "1"}),
    ],
)
def test_counters_that_are_refused(api, source, change):
    assert api.error(counters, api, source, **change)[0] == 400


def test_counters_that_lag_behind(sent):
    sent.control("PUT", "settings", json={"counter_lag_seconds": 3600})
    month = {"CounterResolution": "Day", "FromTS": "2020-01-01T00:00:00Z"}
    assert counters(sent, "APIKey", **month) == []
    assert counters(sent, "APIKey")[0]["Total"] == 0
    sent.control("PUT", "settings", json={"clock_offset": 3700})
    assert counters(sent, "APIKey", **month)[0]["Total"] == 2
