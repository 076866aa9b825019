"""The pages for people, and the links inside the e-mails."""

import pytest
import requests


def get(url, **kwargs):
    return requests.get(url, timeout=10, **kwargs)


@pytest.fixture
def mail(api):
    """The only message of a campaign to ann@example.com."""
    api.list_id = api.new_list("ann@example.com")
    draft_id = api.new_draft(
        api.list_id,
        html="<html><head></head><body><script>steal()</script>Hello</body></html>",
        Subject="News & <more>",
    )
    api.send(draft_id)
    (message,) = api.messages()
    return message


def test_the_list_shows_and_finds(api, mail):
    for path, found in [
        ("/", True),
        ("/outbox", True),
        ("/?q=ANN", True),
        ("/?q=bob", False),
    ]:
        page = get(api.sandbox.url + path).text
        assert (f'href="/message/{mail["id"]}"' in page) is found
        assert ("News &amp; &lt;more&gt;" in page) is found


def test_the_list_names_the_mailing_and_filters_by_it(api):
    for title, email in (("Spring <news>", "ann"), ("", "bob")):
        api.send(api.new_draft(api.new_list(f"{email}@example.com"), Title=title))
    ann, bob = api.messages()
    page = get(api.sandbox.url).text
    for name in ("Spring &lt;news&gt;", bob["campaign"]):
        assert f"Campaign<small>: {name}</small>" in page
    assert ann["campaign"] not in page
    for message, other, name in (
        (ann, bob, "Spring &lt;news&gt;"),
        (bob, ann, bob["campaign"]),
    ):
        option = f'<option value="{message["campaign_id"]}" '
        assert f"{option}>{name}</option>" in page
        url = f"{api.sandbox.url}/?campaign={message['campaign_id']}"
        chosen = get(url).text
        assert f'href="/message/{message["id"]}"' in chosen
        assert f'href="/message/{other["id"]}"' not in chosen
        assert f"{option}selected>{name}</option>" in chosen
        link = f'href="/?campaign={message["campaign_id"]}"'
        assert link in get(f"{api.sandbox.url}/message/{message['id']}").text
    both = f"{api.sandbox.url}/?q=bob&campaign={ann['campaign_id']}"
    assert "No message matches." in get(both).text


def test_the_list_is_read_again_as_it_was_filtered(api, mail):
    url = f"/?q=ann&amp;campaign={mail['campaign_id']}"
    page = get(api.sandbox.url + url.replace("&amp;", "&")).text
    assert f'<a class="button" href="{url}">Refresh</a>' in page


def test_the_list_is_paged_newest_first(api):
    emails = [f"p{n:02}@example.com" for n in range(60)]
    api.send(api.new_draft(api.new_list(*emails)))
    page = get(api.sandbox.url).text
    assert page.index("p59@example.com") < page.index("p10@example.com")
    assert "p09@example.com" not in page
    before = api.messages(recipient="p10@example.com")[0]["id"]
    page = get(f"{api.sandbox.url}/?before={before}").text
    assert ("p09@example.com" in page, "p10@example.com" in page) == (True, False)


@pytest.mark.parametrize(
    ("view", "text"),
    [
        (
            "html",
            'sandbox="allow-popups allow-popups-to-escape-sandbox"',
        ),
        ("text", "<pre>Hello</pre>"),
        ("source", "&lt;script&gt;steal()"),
        ("headers", "List-Unsubscribe"),
    ],
)
def test_a_message_page(api, mail, view, text):
    page = get(f"{api.sandbox.url}/message/{mail['id']}?view={view}").text
    assert text in page
    assert "<script>" not in page


def test_foreign_html_is_harmless_wherever_it_is_shown(api, mail):
    for url in (f"{api.sandbox.url}/message/{mail['id']}/html", mail["permalink"]):
        answer = get(url)
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("sandbox allow-popups")
        assert "allow-scripts" not in policy
        assert '<head><base target="_blank">' in answer.text


def test_unsubscribing_takes_two_steps(api, mail):
    assert "Unsubscribe?" in get(mail["unsubscribe"]).text
    assert api.members(api.list_id, Unsub="true") == 0
    done = requests.post(mail["unsubscribe"], timeout=10)
    assert "You are unsubscribed" in done.text
    row = api.one("listrecipient", filters={"ContactsList": api.list_id})
    assert (row["IsUnsubscribed"], bool(row["UnsubscribedAt"])) == (True, True)
    assert api.messages()[0]["status"] == "unsub"


@pytest.mark.parametrize("name", ["permalink", "unsubscribe"])
def test_links_cannot_be_guessed(api, mail, name):
    url = mail[name]
    other = {"permalink": "unsubscribe", "unsubscribe": "online"}[name]
    purpose, token = url.split("/")[-2:]
    assert len(token.partition("-")[2]) == 32
    for wrong in (url[:-1], url + "0", url.replace(purpose, other)):
        assert get(wrong).status_code == 404


def test_a_page_that_does_not_exist(api):
    answer = get(api.sandbox.url + "/nowhere")
    assert (answer.status_code, "Not Found" in answer.text) == (404, True)
