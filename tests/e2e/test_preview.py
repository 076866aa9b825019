"""The preview and the test e-mail show what Mailjet delivers."""

import re

import pytest
from playwright.sync_api import expect
from servers import wait_until

# Values as nobody hopes for them, and a link, an attribute and a text that use them.
NAMES = ("Zoë <b>O'Neil</b>", '[[data:x]] "Quote" & Sons', "50% {off} $contacts-city$")
BODY = """
<!DOCTYPE html><HTML><body class='a'>
<p title="For $contacts-name$">Dear <b>$contacts-</b>firstname|reader$ &amp; all,</p>
<a href="https://www.example.com/?who=$contacts-name$&amp;city=%24contacts-city%24">go</a>
</body></HTML>
"""


@pytest.fixture(scope="module")
def readers(admin):
    """A filter with contacts whose names are hostile, one of them without a city."""
    partners = admin.call(
        "res.partner",
        "create",
        [
            {
                "name": name,
                "email": f"hostile{number}@example.com",
                "city": ("Oslo", "L'Aquila & co", False)[number],
            }
            for number, name in enumerate(NAMES)
        ],
    )
    return admin.call(
        "ir.filters",
        "create",
        [
            {
                "name": "Hostile names",
                "model_id": "res.partner",
                "domain": str([("id", "in", partners)]),
                "user_ids": False,
            }
        ],
    )[0]


def make_mailing(user, readers, name, **values):
    """Return a mailing of the user to the readers."""
    (mailing,) = user.call(
        "mailjet.mailing",
        "create",
        [{"name": name, "subject": f"{name} for $contacts-firstname$", **values}],
    )
    user.call("mailjet.mailing", "action_load_filter", [mailing], readers)
    return mailing


def without_mailjets_links(content, sandbox):
    """Return an email with the links that every one has as the preview shows them."""
    content = re.sub(r"http\S+?/mailjet/preferences/[0-9a-f-]+", "#", content)
    return re.sub(rf"{re.escape(sandbox.url)}/[^\s\"'<>]+", "#", content)


@pytest.mark.parametrize(
    "values",
    [
        {"composition": "html", "body_code": BODY},
        {"composition": "html", "body_code": BODY, "body_text": "$contacts-name$"},
        {
            "composition": "blank",
            "body_html": "<div class='o_layout'>Dear $contacts-firstname|you$</div>",
            "preview": "In $contacts-city|your town$",
        },
    ],
    ids=["code", "own text", "visual editor"],
)
def test_the_preview_is_what_is_delivered(user, sandbox, readers, request, values):
    name = f"Preview {request.node.callspec.id}"
    mailing = make_mailing(user, readers, name, **values)
    previews = {}
    shown = False
    for _row in NAMES:
        preview = user.call("mailjet.mailing", "get_preview", [mailing], shown)
        shown = preview["person"]["id"]
        previews[preview["person"]["email"]] = preview
    assert len(previews) == len(NAMES)
    user.call("mailjet.mailing", "action_send", [mailing])
    state = ("mailjet.mailing", mailing, "state")
    wait_until(lambda: user.read(*state)["state"] == "done", 60, "the sending")
    for email, preview in previews.items():
        (message,) = [
            message
            for message in sandbox.messages(recipient=email)
            if message["subject"].startswith(name)
        ]
        assert message["subject"] == preview["subject"]
        for part in ("html", "text"):
            delivered = without_mailjets_links(message[part], sandbox)
            assert delivered == preview[part]
            assert "[[" not in delivered
            assert part == "text" or "<b>O" not in delivered


@pytest.mark.browser
def test_three_recipients_on_every_screen(open_page, user, readers):
    mailing = make_mailing(
        user, readers, "Three previews", composition="html", body_code=BODY
    )
    ui = open_page("demo")
    ui.page.goto(f"{ui.odoo.url}/odoo/mass-mailing/{mailing}")
    ui.press("Next")
    ui.expect_step("Composition")
    ui.press("Preview")
    preview = ui.page.locator(".o_mailjet_preview")
    frame = preview.frame_locator("iframe")
    for number, first_name in enumerate(("Zoë", "[[data:x]]", "50%"), start=1):
        expect(preview).to_contain_text(f"{number} / 3")
        expect(preview.locator(".o_mailjet_preview_subject")).to_contain_text(
            first_name
        )
        expect(frame.get_by_text(f"Dear {first_name}")).to_be_visible()
        preview.get_by_role("button", name="Next recipient").click()
    expect(preview).to_contain_text("1 / 3")
    preview.locator(".o_mailjet_preview_person input").fill("hostile2@")
    ui.page.locator(".o-autocomplete--dropdown-item", has_text="hostile2@").click()
    expect(frame.get_by_text("Dear 50%")).to_be_visible()
    preview.get_by_role("button", name="Previous recipient").click()
    preview.get_by_role("button", name="Previous recipient").click()
    expect(frame.get_by_text("Dear Zoë")).to_be_visible()
    preview.get_by_role("button", name="Mobile").click()
    assert preview.locator("iframe").bounding_box()["width"] <= 375
    preview.get_by_role("button", name="Plain text").click()
    expect(preview.locator("pre")).to_contain_text("Dear Zoë")


@pytest.mark.browser
def test_a_test_with_a_recipients_values(open_page, user, readers, sandbox):
    mailing = make_mailing(user, readers, "Tested", composition="html", body_code=BODY)
    ui = open_page("demo")
    ui.page.goto(f"{ui.odoo.url}/odoo/mass-mailing/{mailing}")
    ui.press("Next")
    ui.expect_step("Composition")
    ui.press("Send a test")
    ui.page.locator(".modal-dialog textarea").fill("tester@example.com")
    ui.confirm("Send the test")
    expect(ui.page.locator(".o-mail-Message").first).to_contain_text(
        "tester@example.com"
    )
    (message,) = sandbox.messages(recipient="tester@example.com")
    assert message["subject"] == "[TEST] Tested for Zoë"
    assert "Dear Zoë" in message["html"].replace("</b>", "").replace("<b>", "")
    online, unsubscribe = re.findall(
        r'href="([^"]*/mailjet/test/[^"]*)"', message["html"]
    )
    ui.page.goto(online)
    expect(ui.page.get_by_text("Dear Zoë")).to_be_visible()
    ui.page.goto(unsubscribe)
    expect(ui.page.get_by_text("Nobody was unsubscribed")).to_be_visible()
