"""Contacts, lists, memberships and properties."""

import pytest

REST = "/v3/REST"


def manage(api, list_id, email, action, **values):
    data = {"Email": email, "Action": action, **values}
    path = f"{REST}/contactslist/{list_id}/managecontact"
    return api.raw("POST", path, json=data)


def member(api, list_id, email):
    contact_id = api.one("contact", id=email)["ID"]
    filters = {"ContactsList": list_id, "Contact": contact_id}
    rows = api.v3.listrecipient.get(filters=filters).json()["Data"]
    return rows[0] if rows else None


# --- addresses ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "email",
    (
        *("", "ann", "ann@", "@example.com", "a@b@example.com", "ann@example"),
        *("a..b@example.com", ".a@example.com", "ann@-x.example", "ann@x-.example"),
        *("ann\u200b@example.com", "ann@example.com\xa0", "ann@münchen.example"),
        *(
            "jürgen@example.com",
            '"a"@example.com',
            "a b@example.com",
            "ann@x_y.example",
        ),
        *(f"{'a' * 65}@example.com", f"a@{'x' * 64}.example", f"a@{'x.' * 125}com"),
        *("Ann <ann@example.com>", "ann@example.c", "ann@127.0.0.1", "a,b@example.com"),
    ),
)
def test_what_is_no_address_is_no_contact(api, email):
    response = api.raw("POST", f"{REST}/contact", json={"Email": email})
    assert response.status_code == 400


def test_unusual_addresses_are_contacts(api):
    for email in ("o'hara+x@example.co.uk", "a/b=c@xn--mnchen-3ya.example", "a@b.cd"):
        assert api.create("contact", Email=email)["Email"] == email


# --- contacts -------------------------------------------------------------------------


def test_contact_by_id_and_by_address(api):
    row = api.create("contact", Email="Ann@Example.com", Name="Ann")
    assert row["Email"] == "ann@example.com"
    assert api.one("contact", id=row["ID"]) == row
    assert api.one("contact", id="ANN@example.com") == row
    status, text = api.error(api.v3.contact.create, data={"Email": "ann@example.com"})
    assert status == 400
    assert "MJ18 A Contact resource with value" in text


def test_exclusion_is_dated_and_filterable(api):
    for name in ("ann", "bob"):
        api.create("contact", Email=f"{name}@example.com")
    api.v3.contact.update(id="bob@example.com", data={"IsExcludedFromCampaigns": True})
    row = api.one("contact", filters={"IsExcludedFromCampaigns": "true"})
    assert row["Email"] == "bob@example.com"
    assert row["ExclusionFromCampaignsUpdatedAt"]
    data = {"IsExcludedFromCampaigns": True}
    assert api.error(api.v3.contact.update, id="cy@example.com", data=data)[0] == 404


def test_deleted_personal_data_leaves_a_row_without_the_person(api):
    row = api.create("contact", Email="ann@example.com", Name="Ann")
    for contact_id in (row["ID"], row["ID"], 999):
        answer = api.raw("DELETE", f"/v4/contacts/{contact_id}")
        assert (answer.status_code, answer.text) == (200, "")
    left = api.one("contact", id=row["ID"])
    assert "ann" not in left["Email"]
    assert not left["Name"]
    assert api.error(api.v3.contact.get, id="ann@example.com")[0] == 404


# --- lists ----------------------------------------------------------------------------


def test_a_deleted_list_stays_readable(api):
    list_id = api.new_list("ann@example.com")
    assert api.v3.contactslist.delete(id=list_id).status_code == 204
    assert api.one("contactslist", id=list_id)["IsDeleted"] is True
    assert api.one("contactslist", filters={"IsDeleted": "true"})["ID"] == list_id
    assert api.one("contact")["Email"] == "ann@example.com"
    status, text = api.error(api.v3.contactslist_csvdata.create, id=list_id, data=b"")
    assert (status, "Source object not found" in text) == (404, True)
    api.v3.contactslist.update(id=list_id, data={"IsDeleted": False})
    assert api.one("contactslist", id=list_id)["IsDeleted"] is False


def test_list_names_are_not_unique(api):
    ids = [api.new_list(name="Same") for _n in range(2)]
    rows = api.v3.contactslist.get(filters={"Name": "Same"}).json()["Data"]
    assert [row["ID"] for row in rows] == ids


# --- membership -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "action", "is_unsubscribed"),
    [
        (None, "addforce", False),
        (None, "addnoforce", False),
        (None, "unsub", None),
        (None, "remove", None),
        ("subscribed", "unsub", True),
        ("subscribed", "remove", None),
        ("unsubscribed", "addforce", False),
        ("unsubscribed", "addnoforce", True),
        ("unsubscribed", "remove", None),
    ],
)
def test_actions(api, before, action, is_unsubscribed):
    """`before` and the expected state (None = not a member) of each action."""
    list_id = api.new_list()
    if before:
        manage(api, list_id, "ann@example.com", "addforce")
    if before == "unsubscribed":
        manage(api, list_id, "ann@example.com", "unsub")
    answer = manage(api, list_id, "ann@example.com", action)
    assert answer.json()["Data"][0]["Action"] == action
    row = member(api, list_id, "ann@example.com")
    assert (row and row["IsUnsubscribed"]) == is_unsubscribed
    assert bool(row and row["UnsubscribedAt"]) == bool(is_unsubscribed)


def test_managecontact_refusals(api):
    list_id = api.new_list()
    path = f"{REST}/contactslist/{list_id}/managecontact"
    assert api.raw("POST", path).json()["ErrorMessage"].startswith("An Unexpected")
    answer = manage(
        api, list_id, "ann@example.com", "addforce", Properties={"age": 3, "no": 1}
    )
    assert answer.json() == {
        "ErrorInfo": {
            "Properties": [
                {"age": "Property not defined"},
                {"no": "Property not defined"},
            ]
        },
        "ErrorMessage": "Object properties invalid",
        "StatusCode": 400,
    }
    assert manage(api, list_id, "no address", "addforce").status_code == 400
    assert manage(api, list_id, "ann@example.com", "add").status_code == 400
    assert manage(api, 5_000_000_000, "ann@example.com", "unsub").status_code == 404


def test_listrecipient_has_no_address(api):
    list_id = api.new_list("ann@example.com")
    row = api.one("listrecipient", filters={"ContactsList": list_id})
    assert not [value for value in row.values() if "@" in str(value)]
    assert (row["ListName"], row["IsActive"]) == ("List", True)


def test_listrecipient_create_update_delete(api):
    list_id = api.new_list()
    contact_id = api.create("contact", Email="ann@example.com")["ID"]
    data = {"ContactAlt": "ann@example.com", "ListID": list_id}
    row = api.create("listrecipient", **data)
    assert row["ContactID"] == contact_id
    assert (
        "A duplicate ListRecipient"
        in api.error(api.v3.listrecipient.create, data=data)[1]
    )
    data["ContactAlt"] = "bob@example.com"
    status, text = api.error(api.v3.listrecipient.create, data=data)
    assert 'alternate key value "bob@example.com" could not be resolved' in text

    api.v3.listrecipient.update(id=row["ID"], data={"IsUnsubscribed": "true"})
    assert [api.members(list_id, Unsub=unsub) for unsub in ("true", "false")] == [1, 0]
    assert api.v3.listrecipient.delete(id=row["ID"]).status_code == 204
    assert api.members(list_id) == 0


def test_lists_of_a_contact(api):
    list_id, other = api.new_list("ann@example.com"), api.new_list()
    api.v3.contact_managecontactslists.create(
        id="ann@example.com",
        data={
            "ContactsLists": [
                {"ListID": list_id, "Action": "unsub"},
                {"ListID": other, "Action": "addnoforce"},
            ]
        },
    )
    rows = api.v3.contact_getcontactslists.get(id="ann@example.com").json()["Data"]
    assert [(row["ListID"], row["IsUnsub"]) for row in rows] == [
        (list_id, True),
        (other, False),
    ]
    data = {"ContactsLists": [{"ListID": 1, "Action": "unsub"}]}
    status, text = api.error(
        api.v3.contact_managecontactslists.create, id="ann@example.com", data=data
    )
    assert (status, "listID missing or not valid" in text) == (400, True)
    status, _text = api.error(
        api.v3.contact_managecontactslists.create, id="bob@example.com", data=data
    )
    assert status == 404


# --- properties -----------------------------------------------------------------------


def test_properties_and_values(api):
    api.create("contactmetadata", Name="age", Datatype="int")
    row = api.create("contactmetadata", Name="city", Datatype="str")
    assert (row["NameSpace"], api.one("contactmetadata", id=row["ID"])) == (
        "static",
        row,
    )
    status, text = api.error(
        api.v3.contactmetadata.create, data={"Name": "city", "Datatype": "str"}
    )
    assert (status, "MJ18" in text) == (400, True)

    contact_id = api.create("contact", Email="ann@example.com")["ID"]

    def put(**values):
        data = [{"Name": name, "Value": value} for name, value in values.items()]
        return api.v3.contactdata.update(id=contact_id, data={"Data": data})

    put(age=30)
    put(city="Oslo")
    assert api.one("contactdata", id="ann@example.com")["Data"] == [
        {"Name": "age", "Value": "30"},
        {"Name": "city", "Value": "Oslo"},
    ]
    assert put(city="Oslo").status_code == 304
    assert 'Invalid key name: "shoe"' in api.error(put, shoe="42")[1]
    assert api.error(put, age="old")[0] == 400
    put(age=None)
    assert api.v3.contactmetadata.delete(id=row["ID"]).status_code == 204
    assert api.one("contactdata", id="ann@example.com")["Data"] == []


# --- senders --------------------------------------------------------------------------


def test_seeded_senders(api):
    rows = api.v3.sender.get().json()["Data"]
    assert {row["Email"]: row["Status"] for row in rows} == {
        "newsletter@example.com": "Active",
        "*@example.org": "Active",
        "former@example.com": "Inactive",
    }
    dns = api.one("dns", id="example.org")
    assert (dns["DKIMStatus"], dns["SPFStatus"]) == ("OK", "OK")


def test_each_sender_names_the_row_of_its_domain(api):
    domains = {row["ID"]: row["Domain"] for row in api.v3.dns.get().json()["Data"]}
    for row in api.v3.sender.get().json()["Data"]:
        assert domains[row["DNSID"]] == row["Email"].partition("@")[2]
    changed = {"email": "newsletter@example.com", "dkim": "Error", "spf": "Not found"}
    api.control("PUT", "senders", json=changed)
    dns = api.one("dns", id="example.com")
    assert (dns["DKIMStatus"], dns["SPFStatus"]) == ("Error", "Not found")


def test_a_new_sender_waits_for_its_validation(api):
    row = api.create("sender", Email="new@example.net", Name="New")
    assert row["Status"] == "Inactive"
    assert "MJ18" in api.error(api.v3.sender.create, data={"Email": row["Email"]})[1]
    answer = api.raw("POST", f"{REST}/sender/{row['ID']}/validate")
    assert answer.json()["Data"][0]["ValidationMethod"] == "ActivationEmail"
    assert api.one("sender", id="new@example.net")["Status"] == "Inactive"
    check = api.raw("POST", f"{REST}/dns/example.net/check").json()["Data"][0]
    assert check["SPFStatus"] == "Not found"

    api.control("PUT", "senders", json={"email": row["Email"], "status": "Active"})
    assert api.raw("POST", f"{REST}/sender/{row['ID']}/validate").status_code == 400
    assert api.error(api.v3.sender.update, id=row["ID"], data={"Status": "x"})[0] == 401
    api.v3.sender.update(id=row["ID"], data={"Name": "Newer"})
    assert api.v3.sender.delete(id=row["ID"]).status_code == 204
    filters = {"Status": "Deleted", "ShowDeleted": "true"}
    assert api.one("sender", filters=filters)["Name"] == "Newer"
    assert len(api.v3.sender.get().json()["Data"]) == 3
