"""Bulk imports: CSV files and JSON calls, as jobs that take their time."""

import csv
import io
import json

import pytest

FINAL = ("Completed", "Error", "Abort")


def values_of(api, email):
    pairs = api.one("contactdata", id=email)["Data"]
    return {pair["Name"]: pair["Value"] for pair in pairs}


def error_rows(api, job_id):
    text = api.v3.batchjob_csverror.get(id=job_id).text
    return list(csv.reader(io.StringIO(text)))


# --- CSV ------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", ["", '" "'])
@pytest.mark.parametrize(("empty_cells", "kept"), [(None, "Oslo"), ("clear", "")])
def test_an_empty_cell(api, empty_cells, kept, cell):
    if empty_cells:
        api.control("PUT", "settings", json={"empty_cells": empty_cells})
    list_id = api.new_list()
    for text in ("Oslo", cell):
        job = api.start_csv(list_id, f"email,city\nann@example.com,{text}")
        api.wait(
            lambda job=job: api.one("csvimport", id=job["ID"]),
            lambda row: row["Status"] in FINAL,
        )
    assert values_of(api, "ann@example.com").get("city", "") == kept


def test_an_import_goes_through_its_stages(api):
    api.control("PUT", "settings", json={"job_seconds": 600})
    list_id = api.new_list()
    job_id = api.start_csv(list_id, "email\nann@example.com")["ID"]

    def status_at(seconds):
        api.control("PUT", "settings", json={"clock_offset": seconds})
        return api.one("csvimport", id=job_id)["Status"]

    stages = [status_at(seconds) for seconds in (10, 250, 450)]
    assert stages == ["Upload", "Prepare", "Importing"]
    api.control("PUT", "settings", json={"clock_offset": 700})
    row = api.wait(
        lambda: api.one("csvimport", id=job_id), lambda r: r["Status"] in FINAL
    )
    assert (row["Status"], row["Count"], row["Errcount"]) == ("Completed", 1, 0)
    assert row["JobEnd"] >= row["JobStart"] >= row["RequestAt"] > ""
    job = api.one("batchjob", id=job_id)
    assert job["JobType"] == "Contact list import csv"
    assert isinstance(job["JobEnd"], int)
    filters = {"Data": row["DataID"], "Status": "Completed"}
    assert api.one("batchjob", filters=filters)["ID"] == job_id
    assert api.members(list_id) == 1


def test_words_for_a_running_job_are_free(api):
    words = ["Pending", "Pending", "Pending"]
    api.control("PUT", "settings", json={"job_words": words, "job_seconds": 600})
    assert api.start_csv(api.new_list(), "email\n")["Status"] == "Pending"


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({}, "city,EMAIL\nOslo,Ann@Example.com\nRome,bob@example.com"),
        (
            {"FieldNames": ["email", "city"]},
            'Ann@Example.com,Oslo\n"bob@example.com","Rome"\n',
        ),
    ],
)
def test_unknown_columns_become_properties(api, options, text):
    list_id = api.new_list()
    row = api.import_csv(list_id, text, ImportOptions=json.dumps(options))
    assert (row["Status"], api.members(list_id)) == ("Completed", 2)
    assert api.one("contactmetadata")["Name"] == "city"
    assert values_of(api, "ann@example.com") == {"city": "Oslo"}
    api.import_csv(api.new_list(), "email,age\nann@example.com,7")
    assert values_of(api, "ann@example.com") == {"city": "Oslo", "age": "7"}


def test_bad_rows_go_to_the_error_file(api):
    api.create("contactmetadata", Name="age", Datatype="int")
    bad = [
        ["no address", "1", "###Invalid email###email"],
        ["ANN@example.com", "3", "###Duplicated email###email"],
        ["few@example.com", "###Too few columns at line"],
        [
            "cy@example.com",
            "old",
            "###Property type does not match definition###age",
        ],
    ]
    lines = ["email,age", "ann@example.com,2"] + [",".join(row[:-1]) for row in bad]
    list_id = api.new_list()
    row = api.import_csv(list_id, "\n".join(lines))
    counts = (row["Status"], row["Count"], row["Errcount"], api.members(list_id))
    assert counts == ("Completed", 5, 4, 1)
    assert error_rows(api, row["ID"]) == [["email", "age", "error"], *bad]
    assert values_of(api, "ann@example.com") == {"age": "2"}


def test_too_many_bad_rows_abort(api):
    row = api.import_csv(api.new_list(), "email\nx\ny\nz", ErrTreshold=2)
    assert (row["Status"], row["Errcount"]) == ("Abort", 3)


@pytest.mark.parametrize(
    "text", ["name\nAnn", b"email\n\xff\xfe@example.com", ""], ids=repr
)
def test_a_file_that_cannot_be_imported(api, text):
    list_id = api.new_list()
    assert api.import_csv(list_id, text)["Status"] == "Error"
    assert api.members(list_id) == 0


def test_an_import_can_be_aborted(api):
    api.control("PUT", "settings", json={"job_seconds": 600})
    list_id = api.new_list()
    job_id = api.start_csv(list_id, "email\nann@example.com")["ID"]
    assert api.error(api.v3.csvimport.update, id=job_id, data={"Status": "x"})[0] == 400
    row = api.v3.csvimport.update(id=job_id, data={"Status": "Abort"}).json()["Data"][0]
    assert row["Status"] == "Abort"
    api.control("PUT", "settings", json={"clock_offset": 900})
    assert api.one("csvimport", id=job_id)["Status"] == "Abort"
    assert api.members(list_id) == 0


def test_exclusion_is_global(api):
    list_id = api.new_list("ann@example.com")
    text = "email\nann@example.com\nbob@example.com"
    refused = {"Method": "excludemarketing", "ContactsListID": list_id}
    upload = api.v3.contactslist_csvdata.create(id=list_id, data=text.encode()).json()
    status, message = api.error(
        api.v3.csvimport.create, data={"DataID": upload["ID"], **refused}
    )
    assert "MJ08 Property ContactsList is invalid: Exclusion of contacts" in message

    def excluded():
        filters = {"IsExcludedFromCampaigns": "true"}
        rows = api.v3.contact.get(filters=filters).json()["Data"]
        return [row["Email"] for row in rows]

    for method, expected in [
        ("excludemarketing", ["ann@example.com", "bob@example.com"]),
        ("includemarketing", []),
    ]:
        api.import_csv(None, text, upload_list=list_id, Method=method)
        assert excluded() == expected


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"Method": "add"}, 400),
        ({"Method": None}, 400),
        ({"DataID": 5}, 400),
        ({"ContactsListID": 5}, 400),
        ({"ImportOptions": {"FieldNames": ["email"]}}, 400),
        ({"ImportOptions": "{"}, 400),
        ({"Status": "Completed"}, 400),
        ({"Errcount": 1}, 401),
        ({"Status": "Upload"}, None),
    ],
)
def test_csvimport_body(api, change, status):
    list_id = api.new_list()
    upload = api.v3.contactslist_csvdata.create(id=list_id, data=b"email\n").json()
    data = {"ContactsListID": list_id, "DataID": upload["ID"], "Method": "addforce"}
    data |= change
    if status:
        assert api.error(api.v3.csvimport.create, data=data)[0] == status
    else:
        assert api.v3.csvimport.create(data=data).status_code == 201


def test_upload_as_octet_stream(api):
    list_id = api.new_list()
    path = f"/v3/DATA/contactslist/{list_id}/CSVData/application:octet-stream"
    answer = api.raw("POST", path, data="email\nå@example.com".encode())
    assert answer.status_code == 200
    assert answer.json()["ID"] > 2**53


# --- JSON -----------------------------------------------------------------------------


def push(api, contacts, list_id=None, **data):
    """Run a managemanycontacts job; (final row, its error rows)."""
    endpoint, ids = api.v3.contact_managemanycontacts, {}
    if list_id:
        endpoint, ids = api.v3.contactslist_managemanycontacts, {"id": list_id}
        data = {"Action": "addnoforce"} | data
    answer = endpoint.create(data={"Contacts": contacts, **data}, **ids)
    assert answer.status_code == 201
    job_id = answer.json()["Data"][0]["JobID"]
    where = {"id": list_id, "action_id": job_id} if list_id else {"id": job_id}
    row = api.wait(
        lambda: endpoint.get(**where).json()["Data"][0], lambda r: r["Status"] in FINAL
    )
    path = f"/v3/DATA/batchjob/{job_id}/JSONError/application:json/LAST"
    return row, api.raw("GET", path).json()


def test_contacts_as_json(api):
    api.create("contactmetadata", Name="city", Datatype="str")
    list_id = api.new_list()
    contacts = [
        {"Email": "ann@example.com", "Name": "Ann", "Properties": {"city": "Oslo"}},
        {"Email": "bob@example.com", "IsExcludedFromCampaigns": True},
        {"Email": "ANN@example.com"},
    ]
    row, errors = push(api, contacts, list_id)
    assert (row["Status"], row["Count"], errors) == ("Completed", 3, [])
    assert api.members(list_id) == 2
    assert values_of(api, "ann@example.com") == {"city": "Oslo"}
    assert api.one("contact", id="bob@example.com")["IsExcludedFromCampaigns"] is True
    push(api, [{"Email": "ann@example.com", "Properties": {"city": None}}], list_id)
    assert values_of(api, "ann@example.com") == {}


def test_contacts_as_json_into_several_lists(api):
    lists = [api.new_list(), api.new_list()]
    targets = [{"ListID": list_id, "Action": "addforce"} for list_id in lists]
    row, _errors = push(api, [{"Email": "ann@example.com"}], ContactsLists=targets)
    assert (row["Status"], row["ContactsLists"]) == ("Completed", targets)
    assert [api.members(list_id) for list_id in lists] == [1, 1]
    row, _errors = push(api, [{"Email": "bob@example.com"}])
    assert api.one("contact", id="bob@example.com")["Name"] == ""


def test_an_undefined_property_fails_the_job(api):
    list_id = api.new_list()
    contacts = [
        {"Email": "ann@example.com"},
        {"Email": "bob@example.com", "Properties": {"shoe": "42"}},
    ]
    row, errors = push(api, contacts, list_id)
    assert (row["Status"], api.members(list_id)) == ("Error", 0)
    assert row["ErrorFile"].startswith(api.sandbox.url)
    assert [error["Email"] for error in errors] == ["bob@example.com"]


def test_a_bad_address_fails_the_job_but_not_the_others(api):
    list_id = api.new_list()
    row, errors = push(api, [{"Email": "x"}, {"Email": "ann@example.com"}], list_id)
    assert (row["Status"], len(errors), api.members(list_id)) == ("Error", 1, 1)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"Contacts": []},
        {"Contacts": ["ann@example.com"]},
        {"Contacts": [{"Email": "ann@example.com", "Firstname": "Ann"}]},
        {"Contacts": [{"Email": "ann@example.com", "Properties": '{"a": 1}'}]},
    ],
)
def test_json_calls_that_are_refused_at_once(api, data):
    assert api.error(api.v3.contact_managemanycontacts.create, data=data)[0] == 400
