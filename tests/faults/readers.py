"""The recipients of every mailing that is broken, and what they are sent."""

# What every settled mailing must have been sent to, and rows that must get nothing.
PLANNED = frozenset(f"reader{number}@example.com" for number in range(24))
OTHERS = {
    "twin of 1": {"email": "Reader1@Example.com"},
    "unsubscribed": {"email": "left@example.com", "massmailing_unsubscribed": True},
    "blacklisted": {"email": "black@example.com"},
    "malformed": {"email": "nobody"},
    "without": {"email": False},
}
TEXT = "<p>Dear $contacts-firstname|reader$ of $contacts-city$</p>"


def make_readers(admin):
    """Create the contacts, and return the filter that finds them.

    :param Rpc admin: a user who may do so
    """
    contacts = [
        {"name": f"Reader {email[6:-12]}", "email": email, "city": "Oslo"}
        for email in sorted(PLANNED)
    ]
    contacts += [{"name": name, **values} for name, values in OTHERS.items()]
    for contact in contacts:
        contact["ref"] = "fault"
    admin.call("res.partner", "create", contacts)
    admin.call("mail.blacklist", "create", [{"email": "black@example.com"}])
    values = {
        "name": "Readers",
        "model_id": "res.partner",
        "domain": "[('ref', '=', 'fault')]",
        "user_ids": False,
    }
    return admin.call("ir.filters", "create", [values])[0]
