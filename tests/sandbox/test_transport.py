"""What all routes share: keys, envelopes, paging, and ways of saying no."""

import re

import pytest

from .conftest import Api

REST = "/v3/REST"


@pytest.mark.parametrize(
    "auth", [None, ("sandbox-public-key", "wrong"), ("nobody", "sandbox-secret-key")]
)
def test_wrong_credentials(api, auth):
    answer = api.raw("GET", f"{REST}/contact", auth=auth)
    kind = answer.headers["Content-Type"]
    assert (answer.status_code, answer.content) == (401, b"")
    assert kind.startswith("text/html")
    answer = api.raw("POST", "/v3.1/send", auth=auth, json={"Messages": []})
    assert answer.status_code == 401
    assert set(answer.json()) >= {"ErrorIdentifier", "StatusCode", "ErrorMessage"}


def test_legacy_print_and_gateway_print(api):
    list_id = api.new_list()
    answer = api.raw("GET", f"{REST}/contactslist/{list_id}")
    assert answer.headers["Content-Type"] == "application/json"
    row = r'\{ "Address" : "[a-z]{9}", "CreatedAt" : "[0-9T:-]+Z", "ID" : \d+'
    assert re.match(r'\{ "Count" : 1, "Data" : \[' + row, answer.text)
    assert answer.text.endswith('"SubscriberCount" : 0 }], "Total" : 1 }')

    draft_id = api.new_draft(list_id)
    answer = api.raw("GET", f"{REST}/campaigndraft/{draft_id}/detailcontent")
    assert answer.headers["Content-Type"] == "application/json; charset=UTF-8"
    assert answer.headers["x-mj-request-guid"]
    assert answer.text.startswith('{"Count":1,"Data":[{"MJMLContent":null,"Html-part"')


@pytest.mark.parametrize(
    ("method", "path", "status", "reason", "body"),
    [
        (
            "GET",
            f"{REST}/contactslist/1",
            404,
            "Object not found",
            '{ "ErrorInfo" : "", "ErrorMessage" : "Object not found",'
            ' "StatusCode" : 404 }',
        ),
        (
            "GET",
            f"{REST}/wrong/path",
            500,
            "Internal error",
            '{ "ErrorInfo" : "EFPWebError", "ErrorMessage" : "Could not determine HTTP'
            ' module for request \\"v3/REST/wrong/path\\"", "StatusCode" : 500 }',
        ),
        (
            "GET",
            "/v3/DATA/batchjob/7/CSVError/text:csv",
            404,
            "Source object not found",
            '{ "ErrorInfo" : "", "ErrorMessage" : "Source object not found",'
            ' "StatusCode" : 404 }',
        ),
        ("DELETE", f"{REST}/contact/1", 401, "Unauthorized", ""),
    ],
)
def test_refusals_word_for_word(api, method, path, status, reason, body):
    answer = api.raw(method, path)
    assert (answer.status_code, answer.reason, answer.text) == (status, reason, body)


def test_rest_below_v31_is_nginx(api):
    answer = api.raw("GET", "/v3.1/REST/contact")
    assert (answer.status_code, "nginx" in answer.text) == (404, True)


def test_method_that_a_resource_lacks(api):
    draft_id = api.new_draft(api.new_list())
    assert api.raw("DELETE", f"{REST}/campaigndraft/{draft_id}").status_code == 405


def test_gateway_refusal_has_an_identifier(api):
    answer = api.raw("GET", f"{REST}/template/99/detailcontent")
    assert (answer.status_code, answer.reason) == (404, "Not Found")
    assert set(answer.json()) == {"ErrorIdentifier", "StatusCode", "ErrorMessage"}


@pytest.fixture
def many(api):
    """An Api whose key has 1 005 contacts in one list."""
    emails = [f"person{n:04}@example.com" for n in range(1005)]
    api.list_id = api.new_list(*emails)
    return api


@pytest.mark.parametrize(
    ("filters", "rows", "total"),
    [
        ({}, 10, 10),
        ({"Limit": 3}, 3, 3),
        ({"limit": 2000}, 1000, 1000),
        ({"Limit": 0}, 1000, 1000),
        ({"Limit": 1000, "Offset": 1000}, 5, 5),
        ({"countOnly": 1}, 0, 1005),
        ({"countrecords": 1, "Limit": 2}, 2, 1005),
        ({"Misspelt": "x", "Limit": 2}, 2, 2),
    ],
)
def test_paging(many, filters, rows, total):
    answer = many.v3.contact.get(filters=filters).json()
    assert (len(answer["Data"]), answer["Count"], answer["Total"]) == (
        rows,
        rows,
        total,
    )


def test_stream_sees_every_member(many):
    rows = many.v3.listrecipient.stream(
        filters={"ContactsList": many.list_id, "Sort": "ID"}, chunk_size=500
    )
    ids = [row["ContactID"] for row in rows]
    assert len(set(ids)) == 1005


@pytest.mark.parametrize(
    ("endpoint", "sort", "refused"),
    [
        ("contact", "Email DESC", False),
        ("contact", "ID DESC", True),
        ("contact", "Name", True),
        ("contactslist", "name desc", False),
        ("listrecipient", "ID", False),
        ("listrecipient", "ListID", True),
        ("message", "ArrivedAt", False),
    ],
)
def test_sort(api, endpoint, sort, refused):
    get = getattr(api.v3, endpoint).get
    if refused:
        status, text = api.error(get, filters={"Sort": sort})
        assert status == 400
        assert f"Cannot sort on field {sort.split()[0].lower()}" in text
    else:
        assert get(filters={"Sort": sort}).status_code == 200


@pytest.mark.parametrize("value", ["x", "", str(2**63)])
def test_a_filter_value_that_is_no_id(api, value):
    get = api.v3.listrecipient.get
    assert api.error(get, filters={"ContactsList": value})[0] == 400


@pytest.mark.parametrize(
    ("endpoint", "data", "status", "text"),
    [
        ("contact", {"firstname": "A"}, 400, 'object ""->"TContact" has no property'),
        (
            "contact",
            {"Email": "a@example.com", "ID": 7},
            401,
            "MJ19 Setting a value fo",
        ),
        ("contact", {"Email": 5}, 400, "MJ08 Property Email is invalid"),
        ("contact", {"Email": "a@@example.com"}, 400, "MJ08 Property Email is invalid"),
        ("contactslist", {"Name": ""}, 400, "MJ04 Value must have at least length 1"),
        ("contactslist", {}, 400, "MJ08 Property Name is invalid"),
        ("sender", {}, 400, "MJ08 Property Email is invalid"),
    ],
)
def test_bodies_that_are_refused(api, endpoint, data, status, text):
    found, message = api.error(getattr(api.v3, endpoint).create, data=data)
    assert found == status
    assert text in message


def test_body_names_ignore_case_and_booleans_may_be_text(api):
    api.create("contact", eMaIl="Ann@Example.com")
    answer = api.v3.contact.update(
        id="ann@example.com", data={"isexcludedfromcampaigns": "true"}
    )
    assert answer.json()["Data"][0]["IsExcludedFromCampaigns"] is True


def test_an_update_without_a_change(api):
    list_id = api.new_list(name="Same")
    answer = api.v3.contactslist.update(id=list_id, data={"Name": "Same"})
    assert (answer.status_code, answer.reason, answer.content) == (
        304,
        "Content not changed",
        b"",
    )


def test_ids_are_large(api):
    list_id = api.new_list("ann@example.com")
    draft_id = api.new_draft(list_id)
    api.send(draft_id)
    member = api.one("listrecipient", filters={"ContactsList": list_id})
    campaign = api.one("campaign", id=f"mj.nl={draft_id}")
    message = api.one("message", filters={"Campaign": campaign["ID"]})
    ids = [list_id, draft_id, member["ID"], member["ContactID"], campaign["ID"]]
    assert min(ids) > 2**31
    assert message["ID"] > 2**53


def test_keys_do_not_see_each_other(api):
    api.control("PUT", "keys", json={"public": "other", "secret": "secret"})
    other = Api(api.sandbox, ("other", "secret"))
    list_id = api.new_list("ann@example.com")
    assert other.error(other.v3.contactslist.get, id=list_id)[0] == 404
    assert other.members(list_id) == 0
    assert other.v3.contact.get().json()["Data"] == []
    assert len(other.v3.sender.get().json()["Data"]) == 3
    assert [row["APIKey"] for row in other.v3.apikey.get().json()["Data"]] == ["other"]
    assert len(api.v3.apikey.get().json()["Data"]) == 2


@pytest.mark.parametrize(
    "lock", [{"runlevel": "Softlock"}, {"runlevel": "Hardlock"}, {"is_active": False}]
)
def test_a_blocked_key_reads_but_does_not_write(api, lock):
    api.control("PUT", "keys", json={"public": api.key[0], **lock})
    row = api.one("apikey")
    assert row["Runlevel"] == lock.get("runlevel", "Normal")
    assert row["IsActive"] is lock.get("is_active", True)
    answer = api.raw("POST", f"{REST}/contactslist", json={"Name": "List"})
    assert (answer.status_code, answer.content) == (401, b"")
    answer = api.raw("POST", "/v3.1/send", json={"Messages": [{}]})
    assert (answer.status_code, answer.json()["ErrorCode"]) == (401, "mj-0001")


@pytest.mark.parametrize("endpoint", ["user", "myprofile"])
def test_account_rows_tell_no_quota(api, endpoint):
    row = api.one(endpoint)
    assert not [name for name in row if "quota" in name.lower()]
