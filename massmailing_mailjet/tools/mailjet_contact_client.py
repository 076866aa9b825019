"""The calls that make lists of contacts, import the contacts, and delete them."""

import csv
import io

from ..exceptions import (
    MailjetForeignAnswerError,
    MailjetNoAnswerError,
    MailjetNotFoundError,
)


class ContactCalls:
    """A part of :class:`~.mailjet_client.MailjetClient`, by its methods alone."""

    # === LISTS === #

    def find_list(self, name):
        """Return the id of the list of that name, or None. Deleted lists do not
        count."""
        rows = self._get_all("contactslist", Name=name, IsDeleted="false")
        # Mailjet ignores filters that it does not know: never trust one blindly.
        ids = [
            row["ID"]
            for row in rows
            if row["Name"] == name and not row.get("IsDeleted")
        ]
        return str(min(ids)) if ids else None

    def create_list(self, name):
        """Create a contact list and return its id."""
        return str(self._create("contactslist", {"Name": name})["ID"])

    def get_list(self, list_id):
        """Return the list's row: ``Name``, ``IsDeleted``."""
        return self._first(self._call(self._v3.contactslist.get, id=list_id))

    def delete_list(self, list_id):
        """Delete a list; its contacts stay."""
        self._delete(self._v3.contactslist, id=list_id)

    def count_members(self, list_id):
        """Return how many members of the list would receive a campaign."""
        answer = self._call(
            self._v3.listrecipient.get,
            filters={"ContactsList": list_id, "Unsub": "false", "countOnly": 1},
        )
        return self._part(answer, "Total")

    def unsubscribe_members(self, list_id, emails):
        """Mark the addresses unsubscribed in the list and return the job's id.

        https://dev.mailjet.com/email/reference/contacts/bulk-contact-management/
        """
        row = self._create(
            "contactslist_managemanycontacts",
            {"Action": "unsub", "Contacts": [{"Email": email} for email in emails]},
            id=list_id,
        )
        return str(row["JobID"])

    def get_member_job(self, list_id, job_id):
        """Return the state of a job of :meth:`unsubscribe_members`: ``Status``."""
        return self._first(
            self._call(
                self._v3.contactslist_managemanycontacts.get,
                id=list_id,
                action_id=job_id,
            )
        )

    def ensure_properties(self, names):
        """Create the text properties that contacts do not have yet.

        https://dev.mailjet.com/email/reference/contacts/contact-properties/
        """
        existing = {row["Name"] for row in self._get_all("contactmetadata")}
        for name in sorted(set(names) - existing):
            self._create("contactmetadata", {"Name": name, "Datatype": "str"})

    # === IMPORTS === #

    def upload_csv(self, list_id, content):
        """Upload a CSV for a list and return the id of the data.

        :param bytes content: UTF-8, with a first row of column names
        """
        answer = self._call(
            self._v3.contactslist_csvdata.create, id=list_id, data=content
        )
        return str(self._part(answer, "ID"))

    def start_import(self, list_id, data_id):
        """Start the import of uploaded data and return the job's id.

        ``addnoforce`` never subscribes again who had unsubscribed from the list, and
        makes it harmless to import the same rows twice.
        https://dev.mailjet.com/email/reference/contacts/bulk-contact-management/csv/
        """
        row = self._create(
            "csvimport",
            {
                "ContactsListID": int(list_id),
                "DataID": int(data_id),
                "Method": "addnoforce",
            },
        )
        return str(row["ID"])

    def find_import(self, data_id):
        """Return the id of the import of uploaded data, or None.

        https://dev.mailjet.com/email/reference/batchjobs/
        """
        rows = self._get_all("batchjob", Data=data_id)
        # Mailjet ignores filters that it does not know: never trust one blindly.
        ids = [row["ID"] for row in rows if str(row.get("DataID")) == str(data_id)]
        return str(min(ids)) if ids else None

    def get_import(self, job_id):
        """Return the import's row: ``Status``, ``Count``, ``Current``, ``Errcount``."""
        return self._first(self._call(self._v3.csvimport.get, id=job_id))

    def abort_import(self, job_id):
        """Give up an import, so that another can be started for its list; one that has
        ended stays as it is.

        https://dev.mailjet.com/email/reference/contacts/bulk-contact-management/csv/
        """
        self._call(
            self._v3.csvimport.update,
            as_text=True,
            id=job_id,
            data={"Status": "Abort"},
        )

    def get_import_errors(self, job_id):
        """Return the rows that an import refused, as ``(email, reason)`` pairs.

        Mailjet adds a column ``error`` formatted ``###message###field``; a row without
        is the cut end of a list.
        """
        text = self._call(self._v3.batchjob_csverror.get, id=job_id, as_text=True)
        rows = csv.DictReader(io.StringIO(text))
        errors = [
            (
                row.get("email") or "",
                (row.get("error") or "").strip("#").split("###")[0],
            )
            for row in rows
        ]
        if not errors or not all(email and reason for email, reason in errors):
            raise MailjetNoAnswerError("Mailjet's list of errors is not readable.")
        return errors

    # === DELETING === #

    def find_contact(self, email):
        """Return the id of the contact with an address, or None."""
        try:
            row = self._first(self._call(self._v3.contact.get, id=email))
        except MailjetNotFoundError:
            return None
        # What is deleted cannot be brought back: never trust an answer blindly.
        return str(row["ID"]) if row["Email"].lower() == email.lower() else None

    def delete_contact(self, contact_id):
        """Delete the personal data of a contact: Mailjet keeps a row that names nobody.
        Deleting it again changes nothing. The call is that of ``ContactPii`` in
        Mailjet's library for Ruby, https://github.com/mailjet/mailjet-gem
        """
        url = f"{self._settings['api_url'].rstrip('/')}/v4/contacts/{int(contact_id)}"

        # The library has no endpoint for it.
        def delete(**options):
            return self._v3.api_call("DELETE", url, **options)

        if self._call(delete, as_text=True).strip():
            raise MailjetForeignAnswerError("Something else answers for Mailjet.")
