"""The calls by which Mailjet tells what became of e-mails."""


class FeedbackCalls:
    """A part of :class:`~.mailjet_client.MailjetClient`, by its methods alone."""

    # === WEBHOOKS === #

    def get_webhooks(self):
        """Return the addresses to which the key reports: ``EventType``, ``Url``,
        ``Version``, ``IsBackup``, ``Status`` (``alive``, or ``dead`` once it failed
        for a day).

        https://dev.mailjet.com/email/reference/webhook/
        """
        return self._get_all("eventcallbackurl")

    def set_webhook(self, row, event_type, url, version):
        """Let a type of event be reported to that address.

        :param row: Mailjet's present row for the type, if any: a second one is refused
        :param int version: 1 for single objects, 2 for groups of them
        """
        values = {"EventType": event_type, "Url": url, "Version": version}
        if row is None:
            self._create("eventcallbackurl", values)
        elif (row["Url"], row["Version"]) != (url, version):
            self._call(self._v3.eventcallbackurl.update, id=row["ID"], data=values)

    def delete_webhook(self, row):
        """Let a type of event be reported to nobody."""
        self._call(self._v3.eventcallbackurl.delete, id=row["ID"], as_text=True)
