"""What a fresh key starts with."""

import secrets

from . import seed_templates
from .store import fetch, insert

SENDERS = (
    ("newsletter@example.com", "Newsletter", "Active"),
    ("*@example.org", "Any address of example.org", "Active"),
    ("former@example.com", "Former address", "Inactive"),
)


def plant(sandbox):
    """Create the sandbox's keys that do not exist yet."""
    with sandbox.store.write() as db:
        for position, (public, secret) in enumerate(sandbox.keys):
            if not fetch(db, "SELECT 1 FROM apikey WHERE public = ?", public):
                create_key(sandbox, db, public, secret, is_master=not position)


def create_key(sandbox, db, public, secret, is_master=False):
    """A key, with senders and templates where it is to be furnished; returns its id."""
    now = sandbox.now()
    key_id = insert(
        db,
        "apikey",
        public=public,
        secret=secret,
        name=public,
        is_master=is_master,
        created_at=now,
    )
    if sandbox.furnished:
        _furnish(db, now, key_id)
    return key_id


def _furnish(db, now, key_id):
    for email, name, status in SENDERS:
        create_sender(db, now, key_id, email, name=name, status=status)
    db.execute(
        "UPDATE dns SET dkim_status = 'OK', spf_status = 'OK' WHERE key_id = ?",
        (key_id,),
    )
    seed_templates.plant(db, now, key_id)


def create_sender(db, now, key_id, email, **values):
    """A sender row and, if its domain is new, the domain's DNS row."""
    domain = email.rpartition("@")[2].lower()
    known = fetch(
        db, "SELECT id FROM dns WHERE key_id = ? AND domain = ?", key_id, domain
    )
    dns_id = (
        known["id"]
        if known
        else insert(
            db, "dns", key_id=key_id, domain=domain, token=secrets.token_hex(16)
        )
    )
    token = secrets.token_hex(16)
    return insert(
        db,
        "sender",
        key_id=key_id,
        dns_id=dns_id,
        email=email.lower(),
        filename=f"{token}.txt",
        created_at=now,
        **values,
    )
