"""The web client's notification, as the result of a button."""

SOFT_RELOAD = {"type": "ir.actions.client", "tag": "soft_reload"}
CLOSE = {"type": "ir.actions.act_window_close"}


def notification(message, kind="success", *, title=None, sticky=False, then=None):
    """Return the action that shows a message and then runs another action.

    :param str message: one translated sentence
    :param str kind: ``success`` or ``warning``
    :param str title: translated, above the message
    :param bool sticky: whether it stays until it is closed
    :param dict then: the action to run next; by default the form is reloaded
    """
    params = {
        "type": kind,
        "message": message,
        "sticky": sticky,
        "next": then or SOFT_RELOAD,
    }
    if title:
        params["title"] = title
    return {
        "type": "ir.actions.client",
        "tag": "display_notification",
        "params": params,
    }
