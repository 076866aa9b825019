"""template and eventcallbackurl."""

import pytest

URL = "https://user:secret@example.com/mailjet/webhook"


def test_template_and_its_content(api):
    row = api.create("template", Name="Spring", Purposes=["automation"], EditMode=2)
    api.create("template", Name="Receipt", Purposes=["transactional"])
    assert api.one("template", filters={"Purposes": "automation"}) == row
    assert (row["OwnerType"], row["Previews"]) == ("apikey", [])
    assert "MJ18" in api.error(api.v3.template.create, data={"Name": "Spring"})[1]
    content = api.v3.template_detailcontent
    content.create(id=row["ID"], data={"Html-part": "<p>", "Text-part": "t"})
    content.update(id=row["ID"], data={"Text-part": "u"})
    found = api.one("template_detailcontent", id=row["ID"])
    assert (found["Html-part"], found["Text-part"]) == ("<p>", "u")
    assert api.v3.template.delete(id=row["ID"]).status_code == 204
    assert api.error(content.get, id=row["ID"])[0] == 404


def test_a_fresh_key_has_a_template_of_every_sort(api):
    rows = api.v3.template.get(filters={"Limit": 100}).json()["Data"]
    contents = {
        row["Name"]: api.one("template_detailcontent", id=row["ID"]) for row in rows
    }
    assert {row["EditMode"] for row in rows} == {1, 2, 3, 4}
    assert {tuple(row["Purposes"]) for row in rows} == {
        ("marketing",),
        ("transactional",),
    }
    editor, source = contents["Spring newsletter"], contents["Autumn newsletter"]
    assert "mj-column-per-50" in editor["Html-part"]
    assert editor["MJMLContent"]["tagName"] == "mjml"
    assert "Subject" in editor["Headers"]
    assert (source["Html-part"], source["MJMLContent"][:6]) == (None, "<mjml>")
    assert "{% if " in contents["Loyalty points"]["Html-part"]


def test_one_url_for_each_event_and_role(api):
    first = api.create("eventcallbackurl", EventType="open", Url=URL, Version=2)
    assert (first["IsBackup"], first["Status"]) == (False, "alive")
    data = {"EventType": "open", "Url": URL + "2"}
    status, text = api.error(api.v3.eventcallbackurl.create, data=data)
    assert (status, "MJ18" in text) == (400, True)
    backup = api.create("eventcallbackurl", **data, IsBackup=True)
    rows = api.v3.eventcallbackurl.get(filters={"EventType": 6}).json()["Data"]
    assert [row["ID"] for row in rows] == [first["ID"], backup["ID"]]
    assert api.v3.eventcallbackurl.get(filters={"EventType": 1}).json()["Data"] == []
    changed = {"Url": URL + "3"}
    answer = api.v3.eventcallbackurl.update(id=first["ID"], data=changed)
    assert answer.json()["Data"][0]["Url"] == URL + "3"
    assert api.v3.eventcallbackurl.delete(id=backup["ID"]).status_code == 204


@pytest.mark.parametrize(
    "change",
    [
        {"EventType": "opened"},
        {"Url": "https://example.com/"},
        {"Url": "example.com/x"},
        {"Version": 3},
    ],
)
def test_urls_that_are_refused(api, change):
    data = {"EventType": "click", "Url": URL, **change}
    assert api.error(api.v3.eventcallbackurl.create, data=data)[0] == 400
