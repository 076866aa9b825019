"""POST /v3.1/send: each message accepted or refused on its own."""

import pytest

from .conftest import SENDER

GOOD = {
    "From": {"Email": SENDER, "Name": "Example"},
    "To": [{"Email": "ann@example.com", "Name": "Ann"}],
    "Subject": "Hello",
    "TextPart": "Hello",
}
MANY = [{"Email": f"p{n}@example.com"} for n in range(51)]

BIG = {"ContentType": "a/b", "Filename": "f", "Base64Content": "A" * 21_000_000}


def send(api, *messages, **root):
    return api.raw("POST", "/v3.1/send", json={"Messages": messages, **root})


def test_a_message_arrives(api):
    data = {
        **GOOD,
        "HTMLPart": "<p>[[EMAIL_TO]] [[UNSUB_LINK_FR]] [[PERMALINK]] {{var:x}}</p>",
        "CustomID": "one",
        "Cc": [{"Email": "bob@example.com"}],
        "Headers": {"X-Mine": "1"},
    }
    answer = api.v31.send.create(data={"Messages": [data]})
    (result,) = answer.json()["Messages"]
    assert (result["Status"], result["CustomID"], result["Bcc"]) == (
        "success",
        "one",
        [],
    )
    ann, bob = api.messages(kind="send")
    (to,) = result["To"]
    assert (to["Email"], to["MessageID"]) == ("ann@example.com", ann["id"])
    assert to["MessageHref"].endswith(f"/v3/REST/message/{ann['id']}")
    assert ann["html"] == (
        f"<p>ann@example.com {ann['unsubscribe']} [[PERMALINK]] {{{{var:x}}}}</p>"
    )
    assert (ann["headers"], bob["to"]) == ({"X-Mine": "1"}, "bob@example.com")
    row = api.one("message", filters={"CustomID": "one", "Contact": ann["contact_id"]})
    assert row["UUID"] == to["MessageUUID"]
    assert api.one("contact", id="bob@example.com")["DeliveredCount"] == 1


def test_contact_data_and_template_language(api):
    path = f"/v3/REST/contactslist/{api.new_list()}/managecontact"
    api.create("contactmetadata", Name="city", Datatype="str")
    data = {"Email": "ann@example.com", "Action": "addforce"}
    api.raw("POST", path, json={**data, "Properties": {"city": "Oslo"}})
    text = '[[data:city:"x"]] {{data:city:"x"}} {{var:day:"some day"}} {{var:hour}}'
    message = {**GOOD, "TextPart": text, "Variables": {"hour": 9}}
    send(api, message, {**message, "TemplateLanguage": True})
    plain, interpreted = api.messages()
    assert plain["text"] == text.replace('[[data:city:"x"]]', "Oslo")
    assert interpreted["text"] == "Oslo Oslo some day 9"


def test_exclusion_does_not_hold_back_messages(api):
    api.create("contact", Email="ann@example.com", IsExcludedFromCampaigns=True)
    assert send(api, GOOD).status_code == 200
    assert len(api.messages()) == 1


def test_one_bad_message_does_not_stop_the_others(api):
    bad = {**GOOD, "To": [{"Email": "x@y..z"}]}
    answer = send(api, bad, GOOD)
    refused, accepted = answer.json()["Messages"]
    assert (answer.status_code, accepted["Status"]) == (400, "success")
    (error,) = refused["Errors"]
    assert error.pop("ErrorIdentifier")
    assert error == {
        "ErrorCode": "mj-0013",
        "StatusCode": 400,
        "ErrorMessage": '"x@y..z" is an invalid email address.',
        "ErrorRelatedTo": ["To[0].Email"],
    }
    assert len(api.messages()) == 1
    assert api.control("GET", "log", params={"path": "send"})[-1]["effect"] is True


@pytest.mark.parametrize(
    ("change", "code", "related"),
    [
        ({"TextPart": ""}, "send-0003", "HTMLPart"),
        ({"TemplateID": 7}, "send-0004", "TemplateID"),
        ({"TemplateID": 7}, "send-0010", "TemplateID"),
        ({"Sender": {"Email": SENDER}}, "send-0006", "Sender"),
        ({"From": {"Email": "former@example.com"}}, "send-0008", "From"),
        ({"From": {"Email": "new@example.net"}}, "send-0008", "From"),
        ({"Headers": {"X-MJ-Id": "1"}}, "send-0011", "Headers"),
        ({"Headers": {"Subject": "1"}}, "send-0011", "Headers"),
        ({"DeduplicateCampaign": True}, "send-0012", "DeduplicateCampaign"),
        ({"MonitoringCategory": "x"}, "send-0013", "MonitoringCategory"),
        ({"To": MANY}, "send-0015", "To"),
        ({"TemplateErrorDeliver": True}, "send-0016", "TemplateErrorDeliver"),
        ({"To": None}, "mj-0003", "To"),
        ({"To": [{"Name": "Ann"}]}, "mj-0003", "To[0].Email"),
        ({"To": {"Email": "ann@example.com"}}, "mj-0004", "To"),
        ({"Subject": 5}, "mj-0004", "Subject"),
        ({"TemplateID": True}, "mj-0004", "TemplateID"),
        ({"TrackOpens": "yes"}, "mj-0005", "TrackOpens"),
        ({"Surprise": 1}, "mj-0005", "Surprise"),
        ({"Subject": "x" * 256}, "mj-0006", "Subject"),
        ({"To": []}, "mj-0007", "To"),
        ({"Attachments": ["x"]}, "mj-0004", "Attachments[0]"),
        ({"Attachments": [{}]}, "mj-0003", "Attachments[0].Filename"),
        ({"InlinedAttachments": [BIG]}, "mj-0011", "Attachments"),
        ({"To": [{"Email": ""}]}, "mj-0012", "To[0].Email"),
        ({"Cc": [{"Email": "x"}]}, "mj-0013", "Cc[0].Email"),
    ],
)
def test_what_a_message_must_not_be(api, change, code, related):
    answer = send(api, {**GOOD, **change})
    errors = answer.json()["Messages"][0]["Errors"]
    found = [(error["ErrorCode"], *error["ErrorRelatedTo"]) for error in errors]
    assert answer.status_code == 400
    assert (code, related) in found
    assert api.messages() == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("{", "mj-0002"),
        ("{}", "mj-0003"),
        ('{"Messages": {}}', "mj-0004"),
        ('{"Messages": [], "Other": 1}', "mj-0005"),
        ('{"Messages": []}', "mj-0007"),
        ('{"Messages": [' + ",".join(["{}"] * 51) + "]}", "mj-0008"),
    ],
)
def test_what_a_call_must_not_be(api, body, code):
    answer = api.raw("POST", "/v3.1/send", data=body)
    assert (answer.status_code, answer.json()["ErrorCode"]) == (400, code)


def test_a_missing_recipient_comes_from_nowhere(api):
    message = {name: value for name, value in GOOD.items() if name != "To"}
    errors = send(api, message).json()["Messages"][0]["Errors"]
    assert [error["ErrorRelatedTo"] for error in errors] == [["To"]]
    assert send(api, message, Globals={"To": GOOD["To"]}).status_code == 200


def test_any_address_of_an_active_domain_may_send(api):
    assert send(api, {**GOOD, "From": {"Email": "x@example.org"}}).status_code == 200


def test_sandbox_mode_delivers_nothing(api):
    message = {**GOOD, "From": {"Email": "anyone@example.net"}}
    answer = send(api, message, SandboxMode=True)
    (to,) = answer.json()["Messages"][0]["To"]
    assert (answer.status_code, to["MessageUUID"], to["MessageID"]) == (200, "", 0)
    assert api.messages() == []
    assert api.control("GET", "log")[-1]["effect"] is False
    refused = send(api, {**message, "To": [{"Email": "x"}]}, SandboxMode=True)
    assert refused.status_code == 400


def test_deduplication_within_a_campaign(api):
    message = {**GOOD, "CustomCampaign": "spring", "DeduplicateCampaign": True}
    send(api, message, message)
    statuses = [mail["status"] for mail in api.messages(campaign="spring")]
    assert statuses == ["sent", "blocked"]
    row = api.one("campaign", id="spring")
    assert row["CampaignType"] == 1
    filters = {"Campaign": row["ID"], "MessageStatus": 8}
    assert api.one("message", filters=filters)["StateID"] == 15


def test_a_template_of_the_key_can_be_sent(api):
    template_id = api.create("template", Name="Spring")["ID"]
    headers = {"Subject": "From the template", "From": "News <news@example.org>"}
    content = {"Html-part": "Hi", "Headers": headers}
    api.v3.template_detailcontent.create(id=template_id, data=content)
    message = {"To": GOOD["To"], "TemplateID": template_id}
    assert send(api, message).status_code == 200
    (mail,) = api.messages()
    assert (mail["subject"], mail["html"]) == ("From the template", "Hi")
    assert (mail["from"], mail["from_name"]) == ("news@example.org", "News")
