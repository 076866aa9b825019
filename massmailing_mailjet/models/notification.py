"""The web client's notification, as the answer of a button."""

SOFT_RELOAD = {"type": "ir.actions.client", "tag": "soft_reload"}
CLOSE = {"type": "ir.actions.act_window_close"}


def notification(message, kind="success", *, title=None, sticky=False, then=None):
    """Return the action that shows a message and then does something else.

    :param str message: one translated sentence
    :param str kind: ``success`` or ``warning``
    :param str title: translated, above the message
    :param bool sticky: stays until it is closed
    :param dict then: the action that follows; by default the form is read again
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
