"""From the list to the outbox: the path that a mailing takes."""

from .conftest import SENDER


def test_a_campaign_reaches_the_subscribed_members(api):
    list_id = api.new_list("ann@example.com", "bob@example.com", "cy@example.com")
    api.raw(
        "POST",
        f"/v3/REST/contactslist/{list_id}/managecontact",
        json={"Email": "bob@example.com", "Action": "unsub"},
    )
    api.v3.contact.update(id="cy@example.com", data={"IsExcludedFromCampaigns": True})
    draft_id = api.new_draft(list_id)
    api.send(draft_id)
    (message,) = api.messages(campaign=f"mj.nl={draft_id}")
    assert (message["to"], message["from"]) == ("ann@example.com", SENDER)
