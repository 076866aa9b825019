"""The calls about an account: its API keys, its senders, and what it has sent."""

from .mailjet_dates import format_date


class AccountCalls:
    """A part of :class:`~.mailjet_client.MailjetClient`, by its methods alone."""

    def get_api_keys(self):
        """Return the rows of the API keys that this key may see, without secrets."""
        rows = self._get_all("apikey")
        return [
            {name: value for name, value in row.items() if name != "SecretKey"}
            for row in rows
        ]

    def get_senders(self):
        """Return the sender rows: ``Email`` (``*@domain`` for a whole domain),
        ``Name``, ``Status``."""
        return self._get_all("sender")

    def get_domains(self):
        """Return the rows of the senders' domains: ``ID``, which a sender's ``DNSID``
        names, ``Domain``, ``SPFStatus`` and ``DKIMStatus``.

        https://dev.mailjet.com/email/reference/sender-addresses-and-domains/dns/
        """
        return self._get_all("dns")

    def count_sent(self, since):
        """Return how many messages this key has sent since a moment.

        https://dev.mailjet.com/email/reference/statistics/#v3_get_statcounters

        :param datetime since: UTC, without time zone
        """
        rows = self._get_all(
            "statcounters",
            CounterSource="APIKey",
            CounterTiming="Message",
            CounterResolution="Day",
            FromTS=format_date(since),
        )
        return sum(row.get("Total") or row.get("MessageSentCount") or 0 for row in rows)
