"""Who signed up through a form of Mailjet's."""

from mailjet_sandbox.store import fetch, insert


def sign_up(api, email, confirm_at=None):
    with api.sandbox.store.write() as db:
        key_id = fetch(db, "SELECT id FROM apikey ORDER BY id LIMIT 1")["id"]
        values = {"email": email, "signup_at": 1000, "confirm_at": confirm_at}
        insert(db, "signup", key_id=key_id, signup_ip="192.0.2.1", **values)


def emails(api, **filters):
    rows = api.v3.contactslistsignup.get(filters=filters).json()["Data"]
    return [row["Email"] for row in rows]


def test_sign_ups_are_listed_with_their_dates(api):
    sign_up(api, "ann@example.com", 1060)
    row = api.one("contactslistsignup")
    assert (row["SignupAt"], row["ConfirmAt"]) == (1000, 1060)
    assert (row["Email"], row["SignupIp"]) == ("ann@example.com", "192.0.2.1")


def test_a_sign_up_that_nobody_confirmed_has_no_date_of_it(api):
    sign_up(api, "ann@example.com")
    assert api.one("contactslistsignup")["ConfirmAt"] == 0
    assert emails(api, MinConfirmAt=0) == []


def test_they_are_filtered_by_when_they_were_confirmed(api):
    sign_up(api, "ann@example.com", 1060)
    sign_up(api, "bob@example.com", 1080)
    assert emails(api, MinConfirmAt=1060) == ["bob@example.com"]
    assert emails(api, Email="ann@example.com") == ["ann@example.com"]
