"""Unguessable URLs: a message id, signed for one purpose."""

import hashlib
import hmac


def url(sandbox, purpose, message_id):
    """The absolute URL of a purpose ("online", "unsubscribe") of a message."""
    return f"{sandbox.url}/{purpose}/{message_id}-{_sign(sandbox, purpose, message_id)}"


def message_id(sandbox, purpose, token):
    """The message id of a valid token, or None."""
    ident, _dash, signature = token.partition("-")
    if not ident.isdigit():
        return None
    genuine = _sign(sandbox, purpose, int(ident))
    return int(ident) if hmac.compare_digest(genuine, signature) else None


def _sign(sandbox, purpose, ident):
    text = f"{purpose}:{ident}".encode()
    return hmac.new(sandbox.token_secret, text, hashlib.sha256).hexdigest()[:32]
