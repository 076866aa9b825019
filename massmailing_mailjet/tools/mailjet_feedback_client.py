"""The calls by which Mailjet tells what became of emails."""

from .mailjet_dates import format_date, from_unix, to_unix

# From so many on, contacts are read with their whole list.
MANY_CONTACTS = 20


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
            self._first(
                self._call(self._v3.eventcallbackurl.update, id=row["ID"], data=values)
            )

    def delete_webhook(self, row):
        """Let a type of event be reported to nobody."""
        self._delete(self._v3.eventcallbackurl, id=row["ID"])

    # === MESSAGES === #

    def get_messages(self, campaign_id, offset):
        """Return one page of a campaign's messages from that place on, and whether
        there may be more: ``ID``,
        ``ContactAlt`` (the address), ``ArrivedAt``, ``Status``, ``StateID``,
        ``StatePermanent``. A message has one current status; an open implies that it
        was sent.

        https://dev.mailjet.com/email/reference/messages/#v3_get_message
        """
        return self._get_page(
            "message",
            offset,
            Campaign=campaign_id,
            ShowContactAlt="true",
            Sort="ID",
        )

    def count_messages(self, campaign_id):
        """Return how many messages Mailjet counts for a campaign, whatever became of
        them.

        https://dev.mailjet.com/email/reference/statistics/#v3_get_statcounters
        """
        rows = self._get_all(
            "statcounters",
            CounterSource="Campaign",
            SourceID=campaign_id,
            CounterTiming="Message",
            CounterResolution="Lifetime",
        )
        return sum(row.get("Total") or 0 for row in rows)

    # === OPENINGS AND CLICKS === #

    def get_opens(self, campaign_id, since, offset):
        """Return one page of a campaign's openings from that place on, as a webhook
        would report them, but without the address; and whether there may be more.

        https://dev.mailjet.com/email/reference/messages/

        :param datetime since: UTC, without time zone
        """
        rows, has_more = self._get_reactions(
            "openinformation", campaign_id, since, offset
        )
        events = [
            {
                "event": "open",
                "time": to_unix(row.get("OpenedAt")),
                "agent": row.get("UserAgentFull"),
                "MessageID": row.get("MessageID"),
            }
            for row in rows
        ]
        return events, has_more

    def get_clicks(self, campaign_id, since, offset):
        """Return one page of a campaign's clicks from that place on, as a webhook would
        report them, but without the address; and whether there may be more.

        https://dev.mailjet.com/email/reference/messages/

        :param datetime since: UTC, without time zone
        """
        rows, has_more = self._get_reactions(
            "clickstatistics", campaign_id, since, offset
        )
        events = [
            {
                "event": "click",
                "time": to_unix(row.get("ClickedAt")),
                "url": row.get("Url"),
                "MessageID": row.get("MessageID"),
            }
            for row in rows
        ]
        return events, has_more

    def _get_reactions(self, resource, campaign_id, since, offset):
        # Without a start, Mailjet answers those of today alone.
        start = format_date(since)
        return self._get_page(
            resource, offset, CampaignID=campaign_id, EventFromTs=start
        )

    # === UNSUBSCRIPTIONS === #

    def get_unsubscribed_members(self, list_id):
        """Return the members that have left a list, as pairs of address and date.

        Mailjet's rows name contacts by their id; a few are asked for one by one, many
        by reading the list's contacts.
        """
        rows = self._get_all("listrecipient", ContactsList=list_id, Unsub="true")
        dates = {
            row["ContactID"]: row.get("UnsubscribedAt")
            for row in rows
            if row.get("IsUnsubscribed") and str(row.get("ListID")) == str(list_id)
        }
        if len(dates) > MANY_CONTACTS:
            contacts = self._get_all("contact", ContactsList=list_id)
        else:
            contacts = [
                self._first(self._call(self._v3.contact.get, id=contact_id))
                for contact_id in dates
            ]
        return [
            (contact["Email"].lower(), dates[contact["ID"]])
            for contact in contacts
            if contact["ID"] in dates
        ]

    def get_excluded_contacts(self, offset):
        """Return one page of the contacts that get no campaign at all from that place
        on, as pairs of address and date; how many rows the page held; and whether there
        may be more.

        https://dev.mailjet.com/email/reference/contacts/contact/
        """
        rows, has_more = self._get_page(
            "contact", offset, IsExcludedFromCampaigns="true", Sort="ID"
        )
        # Mailjet ignores filters that it does not know: never trust one blindly.
        contacts = [
            (row["Email"].lower(), row.get("ExclusionFromCampaignsUpdatedAt"))
            for row in rows
            if row.get("IsExcludedFromCampaigns")
        ]
        return contacts, len(rows), has_more

    def count_excluded_contacts(self):
        """Return how many contacts get no campaign at all."""
        answer = self._call(
            self._v3.contact.get,
            filters={"IsExcludedFromCampaigns": "true", "countOnly": 1},
        )
        return self._part(answer, "Total")

    def exclude_contacts(self, emails, excluded):
        """Exclude contacts from all campaigns, or let them in again, and return the id
        of the job that does it.

        https://dev.mailjet.com/email/reference/contacts/bulk-contact-management/

        :param bool excluded: what they are from now on
        """
        contacts = [
            {"Email": email, "IsExcludedFromCampaigns": excluded} for email in emails
        ]
        row = self._create("contact_managemanycontacts", {"Contacts": contacts})
        return str(row["JobID"])

    def get_exclusion_job(self, job_id):
        """Return a job of :meth:`exclude_contacts`: its ``Status`` and ``Error``."""
        return self._first(
            self._call(self._v3.contact_managemanycontacts.get, id=job_id)
        )

    # === SIGN-UPS === #

    def get_signups(self, since, offset):
        """Return one page of the sign-ups through forms of Mailjet's that were
        confirmed after a date, from that place on, as dicts; how many rows the page
        held; and whether there may be more.

        Fields and filters are those of Mailjet's own clients, whose dates are numbers:
        https://github.com/mailjet/mailjet-apiv3-java, ``ContactsListSignup``

        :param datetime since: UTC, without time zone
        """
        rows, has_more = self._get_page(
            "contactslistsignup", offset, MinConfirmAt=to_unix(format_date(since))
        )
        signups = [
            {
                "mailjet_id": str(row["ID"]),
                "list_id": str(row.get("List") or ""),
                "email": row["Email"],
                "source": row.get("Source") or "",
                "signup_date": from_unix(row.get("SignupAt")),
                "signup_ip": row.get("SignupIp") or "",
                "confirmed_date": from_unix(row.get("ConfirmAt")),
                "confirmed_ip": row.get("ConfirmIp") or "",
            }
            for row in rows
        ]
        # Mailjet ignores filters that it does not know: never trust one blindly.
        confirmed = [signup for signup in signups if signup["confirmed_date"]]
        return confirmed, len(rows), has_more
