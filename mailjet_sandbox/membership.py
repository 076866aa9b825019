"""What an action does to the membership of contacts in a list, for many at once."""

ACTIONS = ("addforce", "addnoforce", "remove", "unsub")

# `{contacts}` is a subquery that yields contact ids.
_INSERT = (
    "INSERT INTO member (list_id, contact_id, subscribed_at)"
    " SELECT :list, id, :now FROM ({contacts}) WHERE true"
    " ON CONFLICT (contact_id, list_id) DO "
)
_SQL = {
    "addnoforce": _INSERT + "NOTHING",
    "addforce": _INSERT + "UPDATE SET is_unsubscribed = 0, unsubscribed_at = NULL,"
    " subscribed_at = :now WHERE is_unsubscribed",
    "remove": "DELETE FROM member WHERE list_id = :list AND contact_id IN ({contacts})",
    # A contact who is not in the list is not added: undocumented, the less convenient.
    "unsub": "UPDATE member SET is_unsubscribed = 1, unsubscribed_at = :now"
    " WHERE list_id = :list AND NOT is_unsubscribed AND contact_id IN ({contacts})",
}


def apply(db, action, list_id, now, contacts, **parameters):
    """Apply one of ACTIONS to the contacts of a subquery with named parameters."""
    sql = _SQL[action].format(contacts=contacts)
    db.execute(sql, {"list": list_id, "now": now, **parameters})


def apply_to_contact(db, action, list_id, now, contact_id):
    apply(db, action, list_id, now, "SELECT :contact AS id", contact=contact_id)
