"""campaigndraft: its fields, and the checks before it leaves."""

import pytest

from .conftest import HOUR, in_seconds

DRAFT, SENT = 0, 2


# --- fields ---------------------------------------------------------------------------


def test_a_new_draft(api, list_id, draft_id):
    row = api.one("campaigndraft", filters={"ContactsList": list_id})
    assert row["ID"] == draft_id
    assert (row["Status"], row["DeliveredAt"], row["Used"]) == (DRAFT, "", False)
    assert "CustomValue" not in row


@pytest.mark.parametrize(
    "name", ["Locale", "Subject", "Sender", "SenderEmail", "ContactsListID"]
)
def test_what_a_draft_needs(api, list_id, name):
    data = {
        "Locale": "en_US",
        "Subject": "News",
        "Sender": "Example",
        "SenderEmail": "newsletter@example.com",
        "ContactsListID": list_id,
    }
    del data[name]
    assert api.error(api.v3.campaigndraft.create, data=data)[0] == 400


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"EditMode": "html"}, 400),
        ({"SenderEmail": "nobody"}, 400),
        ({"ReplyEmail": "nobody"}, 400),
        ({"ContactsListID": 5}, 400),
        ({"CustomValue": "mine"}, 400),
        ({"Used": True}, 401),
        ({"Status": SENT}, 401),
    ],
)
def test_what_a_draft_does_not_take(api, draft_id, change, refusal):
    update = api.v3.campaigndraft.update
    assert api.error(update, id=draft_id, data=change)[0] == refusal


def test_a_partial_update_resets_list_and_title(api, draft_id):
    api.v3.campaigndraft.update(id=draft_id, data={"Subject": "Other"})
    row = api.one("campaigndraft", id=draft_id)
    assert (row["Subject"], row["ContactsListID"], row["Title"]) == ("Other", 0, "")


def test_content_is_overwritten_as_a_whole(api, draft_id):
    answer = api.v3.campaigndraft_detailcontent.create(
        id=draft_id, data={"Text-part": "Only text"}
    )
    assert answer.status_code == 201
    content = api.one("campaigndraft_detailcontent", id=draft_id)
    assert (content["Html-part"], content["Text-part"]) == (None, "Only text")


def test_a_template_fills_nothing(api, list_id):
    template_id = api.create("template", Name="Spring")["ID"]
    api.v3.template_detailcontent.create(id=template_id, data={"Html-part": "Hi"})
    draft_id = api.new_draft(list_id, html=None, TemplateID=template_id)
    content = api.one("campaigndraft_detailcontent", id=draft_id)
    assert content["Html-part"] is None
    assert (
        "Missing content" in api.error(api.v3.campaigndraft_send.create, id=draft_id)[1]
    )


# --- checks ---------------------------------------------------------------------------


def _sent(api, draft_id):
    api.send(draft_id)


def _archived(api, draft_id):
    api.v3.campaigndraft.update(id=draft_id, data={"Status": -1})


def _deleted(api, draft_id):
    api.v3.campaigndraft.update(id=draft_id, data={"Status": -2})


def _without_content(api, draft_id):
    api.v3.campaigndraft_detailcontent.create(id=draft_id, data={})


def _without_list(api, draft_id):
    api.v3.campaigndraft.update(id=draft_id, data={"Subject": "Other"})


def _with_inactive_sender(api, draft_id):
    row = api.one("campaigndraft", id=draft_id)
    data = {"SenderEmail": "former@example.com"}
    data["ContactsListID"] = row["ContactsListID"]
    api.v3.campaigndraft.update(id=draft_id, data=data)


def _with_list_deleted(api, draft_id):
    row = api.one("campaigndraft", id=draft_id)
    api.v3.contactslist.delete(id=row["ContactsListID"])


def _with_nobody_left(api, draft_id):
    api.v3.contact.update(id="ann@example.com", data={"IsExcludedFromCampaigns": True})


NOT_A_DRAFT = "Newsletter has to be in status draft or programmed"
OBSTACLES = [
    (_sent, NOT_A_DRAFT),
    (_archived, NOT_A_DRAFT),
    (_deleted, NOT_A_DRAFT),
    (_without_content, "Missing content"),
    (_without_list, "contacts list"),
    (_with_inactive_sender, "You need to specify a valid and active sender"),
    (_with_list_deleted, "contacts list"),
    (_with_nobody_left, "no active subscribed contact"),
]


@pytest.mark.parametrize(("spoil", "text"), OBSTACLES)
def test_checks_of_send_and_schedule(api, draft_id, spoil, text):
    spoil(api, draft_id)
    before = api.one("campaigndraft", id=draft_id)["Status"]
    refused, answer = api.error(api.v3.campaigndraft_send.create, id=draft_id, data={})
    assert (refused, text in answer) == (400, True), answer
    date = {"Date": in_seconds(api, HOUR)}
    refused, answer = api.error(
        api.v3.campaigndraft_schedule.create, id=draft_id, data=date
    )
    assert (refused, text in answer) == (400, True), answer
    assert api.one("campaigndraft", id=draft_id)["Status"] == before


@pytest.mark.parametrize("spoil", [_without_content, _with_inactive_sender])
def test_checks_of_a_test(api, draft_id, spoil):
    spoil(api, draft_id)
    data = {"Recipients": [{"Email": "me@example.com"}]}
    create = api.v3.campaigndraft_test.create
    assert api.error(create, id=draft_id, data=data)[0] == 400


@pytest.mark.parametrize("recipients", [None, [], [{"Email": "x"}], ["me@example.com"]])
def test_recipients_of_a_test(api, draft_id, recipients):
    create = api.v3.campaigndraft_test.create
    data = {"Recipients": recipients}
    assert api.error(create, id=draft_id, data=data)[0] == 400
