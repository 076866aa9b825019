"""A local stand-in for Mailjet's HTTP API, with an outbox to look into.

It speaks the documented API on a loopback port, delivers nothing to anyone, and keeps
what a campaign would have sent so that a person or a test can look at it.  Where
Mailjet's behaviour is not documented it takes the less convenient one.
"""

from .sandbox import DEFAULT_KEY, Sandbox

__all__ = ["DEFAULT_KEY", "Sandbox"]
