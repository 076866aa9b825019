"""A local stand-in for Mailjet's HTTP API, with an outbox to view the emails.

It implements the documented API on a loopback port, delivers nothing to anyone, and
stores what a campaign would have sent so that a person or a test can look at it.  Where
Mailjet's behavior is not documented, it chooses the less convenient one.
"""

from .sandbox import DEFAULT_KEY, Sandbox

__all__ = ["DEFAULT_KEY", "Sandbox"]
