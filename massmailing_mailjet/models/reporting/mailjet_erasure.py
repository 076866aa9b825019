import re
from urllib.parse import quote

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...const import ACTIVE_STATES, EDITABLE_STATES, RECORD_SOURCES
from ..consent.mailjet_consent_key import DIGEST

# What stands in the place of an erased address within a longer text.
ERASED = "[erased]"

# Mailings that may have rows at Mailjet that are not sent yet.
OPEN_STATES = (*ACTIVE_STATES, "failed")

# Texts that were typed, or that quote what came from outside, by model: they are kept
# without the address.
TEXTS = {
    "mailjet.recipient.load": ("domain", "unmatched"),
    "mailjet.link": ("url",),
    "mailjet.target": (
        "name",
        "description",
        "contact_domain",
        "account_domain",
        "lead_domain",
    ),
    "mailjet.mailing": ("delivery_message",),
    "mailjet.account": ("connection_error",),
}

# What the users of a mailing wrote for its readers. An address in it may be anybody's,
# such as the sender's own: people change it themselves.
CONTENT = (
    *("name", "subject", "preview", "body_html", "body_code", "body_text"),
    *("sender_name", "sender_email", "reply_to"),
)

# What is nothing but an address, by model: it is deleted.
ADDRESSES = {
    "mailjet.exclusion": "email_normalized",
    "mailjet.suppression": "email",
    "mailjet.event": "email",
}

# What is cleared after some hours anyway, by model: what was typed into wizards, and
# which links were opened. It is deleted.
PASSING = {
    "mailjet.recipient.add": ("addresses", "unmatched", "domain"),
    "mailjet.mailing.add": ("domain",),
    "mailjet.mailing.test": ("email_to",),
    "mailjet.link.check": ("url", "outcome"),
}

# Files that were handed out or uploaded, by model.
FILES = {
    "mailjet.personal.data": "export_file",
    "mailjet.recipient.add": "file",
}


class MailjetErasure(models.Model):
    """Erases people from mass mailing: their rows, events, and every text that holds
    their addresses, in the companies of the user.

    A row whose mailing is on its way is excluded at once, and keeps its address until
    Mailjet has taken it out of the list, or until the mailing is over. What Mailjet
    still reports afterwards is dropped: a digest tells that an address was erased.
    """

    _name = "mailjet.erasure"
    _description = "Mass mailing erasure"
    _log_access = False

    digest = fields.Char(required=True, groups=fields.NO_ACCESS)

    _digest_uniq = models.UniqueIndex("(digest)")

    @api.model
    def _erase(self, records, emails):
        """Erase what mass mailing knows of people.

        :param records: recordsets of contacts and leads
        :param emails: their normalized addresses
        """
        rows = self._find_rows(records, emails).sudo()
        mailings = rows.mailing_id
        self._find_tests(mailings, emails).sudo().unlink()
        self._erase_rows(rows)
        self._erase_texts(emails)
        self._erase_passing(emails)
        self._erase_notes(records, emails)
        self._erase_addresses(emails)

    # === WHAT IS KNOWN === #

    @api.model
    def _find_rows(self, records, emails):
        """Return the recipients that the user may see of records and addresses."""
        domain = Domain.OR(
            Domain(RECORD_SOURCES[found._name]["link"], "in", found.ids)
            for found in records
        )
        return self.env["mailjet.recipient"].search(
            domain | Domain("email_normalized", "in", emails)
        )

    @api.model
    def _find_tests(self, mailings, emails):
        """Return the test emails that may show the values of a person of these
        mailings, or that show an address."""
        return self.env["mailjet.test"].search(
            Domain("mailing_id", "in", mailings.ids) | _mentions(["html"], emails)
        )

    @api.model
    def _find_texts(self, emails):
        """Return the records whose texts hold an address, by model."""
        return {
            model: self._search_all(model, _mentions(names, emails))
            for model, names in TEXTS.items()
        }

    @api.model
    def _find_naming(self, emails):
        """Return the mailings that name an address in what was written for readers."""
        pattern = _compile(emails)
        return self._search_all("mailjet.mailing", _mentions(CONTENT, emails)).filtered(
            lambda mailing: any(pattern.search(mailing[name] or "") for name in CONTENT)
        )

    @api.model
    def _find_addresses(self, emails):
        """Return the records that are nothing but an address, by model."""
        found = {
            model: self.env[model].search([(name, "in", emails)])
            for model, name in ADDRESSES.items()
        }
        found["mailjet.event"] |= self._find_unread(emails)
        return found

    @api.model
    def _find_unread(self, emails):
        """Return the events that could not be read and hold an address somewhere."""
        unread = self.env["mailjet.event"]
        if emails:
            unread = unread.search([("email", "=", False)])
        pattern = _compile(emails)
        return unread.filtered(lambda event: pattern.search(event.payload_text))

    @api.model
    def _find_notes(self, records, emails):
        """Return the notes that hold an address: those of mailings, accounts and
        targets that the user may see, and those of the records."""
        notes = self.env["mail.message"].sudo()
        mentions = _mentions(["body", "subject"], emails)
        return notes.search(
            (self._on_documents("model") | _notes_of(records)) & mentions
        )

    @api.model
    def _find_activities(self, emails):
        """Return the activities that hold an address, of what the user may see."""
        activities = self.env["mail.activity"].sudo().with_context(active_test=False)
        return activities.search(
            self._on_documents("res_model") & _mentions(["summary", "note"], emails)
        )

    @api.model
    def _on_documents(self, name):
        """Return the domain of what is noted on mailings, accounts and targets that
        the user may see.

        :param str name: of the field that holds the model
        """
        return Domain.OR(
            Domain(name, "=", model)
            & Domain(
                "res_id",
                "in",
                self.env[model].with_context(active_test=False)._search([]),
            )
            for model in ("mailjet.mailing", "mailjet.account", "mailjet.target")
        )

    @api.model
    def _search_all(self, model, domain):
        """Return what the user may see of a model, be it archived."""
        return self.env[model].with_context(active_test=False).search(domain)

    @api.model
    def _find_proofs(self, records):
        """Return the notes on the records that say how an opt-out is known."""
        subtype = self.env.ref("massmailing_mailjet.mail_message_subtype_consent")
        return (
            self.env["mail.message"]
            .sudo()
            .search(_notes_of(records) & Domain("subtype_id", "=", subtype.id))
        )

    # === ROWS === #

    @api.model
    def _erase_rows(self, rows):
        """Take rows out of mailings that may still change, exclude them from those
        that are on their way, and anonymize them in those that were sent."""
        editable = rows.filtered(lambda row: row.mailing_id.state in EDITABLE_STATES)
        changed = editable.mailing_id
        rows -= editable
        editable.unlink()
        for mailing in changed:
            self.env["mailjet.verdict"].sudo()._recompute_verdicts(mailing)
        leaving = rows.filtered(lambda row: row.mailing_id.state in OPEN_STATES)
        self._exclude(leaving)
        self._anonymize(rows - leaving)
        self._finish()

    @api.model
    def _exclude(self, rows):
        """Exclude rows of mailings that are on their way; once Mailjet was told to
        send a mailing, it is too late for that."""
        rows.write(
            {
                "partner_id": False,
                "lead_id": False,
                "name": False,
                "record_issue": "deleted",
                "is_erased": True,
            }
        )
        early = rows.filtered(lambda row: row.mailing_id.delivery_step != "follow")
        self.env["mailjet.verdict"].sudo()._recompute_rows(
            early.ids, only_stricter=True
        )

    @api.model
    def _finish(self):
        """Anonymize excluded rows as soon as Mailjet need not be told of them any more:
        they are not in its list, or their mailing is over."""
        self._anonymize(
            self.env["mailjet.recipient"]
            .sudo()
            .search(
                Domain("is_erased", "=", True)
                & (
                    Domain("status", "=", "pending")
                    | Domain("mailing_id.state", "not in", OPEN_STATES)
                )
            )
        )

    @api.autovacuum
    def _gc_erased(self):
        self._finish()
        self.env["mail.blacklist"]._forget()

    @api.model
    def _anonymize(self, rows):
        """Keep of rows that they were mailed and with what result, and nothing else."""
        if not rows:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE mailjet_recipient
                   SET partner_id = NULL, lead_id = NULL, name = NULL, email = NULL,
                       email_normalized = NULL, mailjet_message_id = NULL,
                       failure_reason = NULL, is_erased = NULL,
                       bounce_reason = CASE WHEN strpos(bounce_reason, '@') = 0
                                            THEN bounce_reason END
                 WHERE id = ANY(%s)
                """,
                rows.ids,
            )
        )
        self.env["mailjet.recipient"].invalidate_model()

    # === TEXTS AND ADDRESSES === #

    @api.model
    def _erase_texts(self, emails):
        for model, found in self._find_texts(emails).items():
            _replace(found.sudo(), TEXTS[model], emails)
        settings = self.env["res.users.settings"].sudo()
        names = ["mailjet_test_emails"]
        _replace(settings.search(_mentions(names, emails)), names, emails)

    @api.model
    def _erase_passing(self, emails):
        """Delete what is kept for some hours only, and all files with it: they may hold
        an address anywhere."""
        for model, names in PASSING.items():
            self.env[model].sudo().search(_mentions(names, emails)).unlink()
        for model, name in FILES.items():
            self.env[model].sudo().search([(name, "!=", False)])[name] = False

    @api.model
    def _erase_notes(self, records, emails):
        self._find_proofs(records).unlink()
        _replace(self._find_notes(records, emails), ("body", "subject"), emails)
        _replace(self._find_activities(emails), ("summary", "note"), emails)

    @api.model
    def _erase_addresses(self, emails):
        """Delete what is nothing but an address, and keep what the addresses refuse
        without them."""
        for found in self._find_addresses(emails).values():
            found.sudo().unlink()
        accounts = self._search_all("mailjet.account", []).sudo()
        accounts.filtered(lambda a: a.probe_email in emails).probe_email = False
        self.env["mailjet.suppression"]._forget_jobs(accounts, emails)
        self.env["mailjet.consent"].sudo()._forget(emails)
        self._remember(emails)
        self.env["mail.blacklist"]._forget(emails)

    # === WHAT MAILJET REPORTS AFTERWARDS === #

    @api.model
    def _remember(self, emails):
        """Keep the digests of erased addresses."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO mailjet_erasure (digest)
                SELECT %s FROM unnest(%s::text[]) AS f (email), mailjet_consent_key k
                    ON CONFLICT (digest) DO NOTHING
                """,
                SQL(DIGEST, SQL("f.email")),
                emails,
            )
        )

    @api.model
    def _drop_events(self):
        """Delete what was reported of erased addresses, of those in the table ``told``
        that are no recipients any more; what it says against mailings is kept."""
        if not self.env["mailjet.consent.key"]._is_used():
            return
        rows = self.env.execute_query(
            SQL(
                """
                DELETE FROM mailjet_event e USING told, mailjet_consent_key k
                 WHERE e.id = told.id AND told.recipient_id IS NULL
                   AND EXISTS (SELECT FROM mailjet_erasure x WHERE x.digest = %s)
             RETURNING e.email
                """,
                SQL(DIGEST, SQL("e.email")),
            )
        )
        emails = {email for (email,) in rows}
        if emails:
            self.env["mailjet.consent"]._forget(emails)
            self.env["mailjet.event"].invalidate_model()

    @api.model
    def _drop_suppressions(self, account):
        """Delete what Mailjet says of erased addresses that no record has."""
        if not self.env["mailjet.consent.key"]._is_used():
            return
        rows = self.env.execute_query(
            SQL(
                """
                DELETE FROM mailjet_suppression s USING mailjet_consent_key k
                 WHERE s.account_id = %s
                   AND EXISTS (SELECT FROM mailjet_erasure x WHERE x.digest = %s)
                   AND %s
             RETURNING s.email
                """,
                account.id,
                SQL(DIGEST, SQL("s.email")),
                SQL(" AND ").join(
                    SQL(
                        "NOT EXISTS (SELECT FROM %s WHERE email_normalized = s.email)",
                        SQL.identifier(self.env[model]._table),
                    )
                    for model in RECORD_SOURCES
                ),
            )
        )
        self.env["mailjet.consent"]._forget([email for (email,) in rows])
        self.env["mailjet.suppression"].invalidate_model()


def _notes_of(records):
    """Return the domain of the messages of contacts and leads."""
    return Domain.OR(
        Domain("model", "=", found._name) & Domain("res_id", "in", found.ids)
        for found in records
    )


def _mentions(names, emails):
    """Return the domain of the records of which a text holds one of the addresses, as
    it is or as part of a link."""
    return Domain.OR(
        Domain(name, "ilike", form)
        for name in names
        for email in emails
        for form in _forms(email)
    )


def _forms(email):
    """Return how an address may be written within a link or an HTML text."""
    return {email, quote(email), quote(email, safe="")}


def _compile(emails):
    """Return the pattern of the addresses, but not within longer ones."""
    forms = "|".join(re.escape(form) for email in emails for form in _forms(email))
    return re.compile(rf"(?<![\w.+-])(?:{forms})(?![\w-])", re.IGNORECASE)


def _replace(records, names, emails):
    """Put :data:`ERASED` in the place of the addresses."""
    pattern = _compile(emails)
    for record in records:
        for name in names:
            if text := record[name]:
                record[name] = pattern.sub(ERASED, text)
