from typing import Any, NamedTuple

from markupsafe import Markup, escape

from odoo import api, models
from odoo.tools import SQL, consteq, email_normalize

from ...const import SENT_STATUSES
from ...tools.languages import choose_language
from ...tools.preference_links import TOKEN
from ..consent.mailjet_preference_key import TOKEN as SIGNED

# How many of the latest emails are listed.
LATEST = 10
LINK = Markup('<a href="mailto:%s">%s</a>')


class Owner(NamedTuple):
    """Whose choices a page shows: those of an address at a company.

    ``row`` is the recipient's row whose email has led to the page, if any; ``email`` is
    empty where the page only shows what it looks like.
    """

    email: str
    company: Any
    row: Any


class MailjetPreferences(models.AbstractModel):
    """The preference page: what the owner of an address receives, whether openings and
    clicks are measured, and what is stored. Nothing of it needs a login; whoever calls
    these methods has found out whose page it is."""

    _name = "mailjet.preferences"
    _description = "Preferences of a recipient"

    # === WHOSE PAGE IT IS === #

    @api.model
    def _find_owner(self, token):
        """Return the :class:`Owner` of a link's token, or None. A row whose address
        is erased, or being erased, has none."""
        match = TOKEN.fullmatch(token)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT r.id, %s FROM mailjet_recipient r, mailjet_preference_key k
                 WHERE r.id = %s AND r.email_normalized IS NOT NULL
                   AND r.is_erased IS NOT TRUE
                """,
                SIGNED,
                int(match["row"]) if match else 0,
            )
        )
        [(row_id, signed)] = rows or [(None, "")]
        if not consteq(signed, token if match else "-"):
            return None
        row = self.env["mailjet.recipient"].browse(row_id)
        return Owner(row.email_normalized, row.mailing_id.company_id, row)

    @api.model
    def _get_example(self, mailing):
        """Return the owner of the page that a test email of a mailing links to:
        nobody."""
        return Owner("", mailing.company_id, self.env["mailjet.recipient"])

    @api.model
    def _get_owner_of(self, user):
        """Return the owner of a user's own page, or None without an address: the one
        that they log in with, since all users can type any other into their account,
        and would choose in the name of its owner."""
        email = email_normalize(user.login)
        rows = self.env["mailjet.recipient"]
        return Owner(email, self.env.company, rows) if email else None

    @api.model
    def _get_language(self, owner, wanted, spoken):
        """Return the language of the page: the one wanted, else that of the recipient's
        record or of the email, else the one that the visitor speaks."""
        installed = [code for code, _name in self.env["res.lang"].get_installed()]
        known = [wanted, spoken, *installed]
        if row := owner and owner.row:
            record = row.lead_id.partner_id or row.partner_id
            own = record.lang or row.lead_id.lang_id.code
            known[1:1] = [own, row.mailing_id._get_language()]
        found = (choose_language(code or "", installed) for code in known)
        return next(filter(None, found))

    @api.model
    def _list_languages(self):
        """Return the languages in which the page can be read, if there are several:
        the ``code``, the ``name`` and whether it ``is_shown`` now."""
        languages = self.env["res.lang"].get_installed()
        if len(languages) < 2:
            return []
        return [
            # As its own speakers call it.
            {
                "code": code,
                "name": name.rpartition(" / ")[2],
                "is_shown": code == self.env.lang,
            }
            for code, name in languages
        ]

    # === WHAT IT SHOWS === #

    @api.model
    def _describe(self, owner):
        """Return what the page shows, as values of its template."""
        subscription = self._get_subscription(owner)
        return {
            "owner": owner,
            "mode": self._get_mode(subscription),
            "blocked": self._get_block(subscription["everything"]),
            "topics": self._get_topics(owner.company),
            "left_topics": subscription["topics"],
            "measuring": self._get_measuring(owner),
            "question": self._get_question(owner),
            "emails": self._list_emails(owner) if owner.email else [],
            **self._say(owner, subscription),
        }

    @api.model
    def _get_subscription(self, owner):
        if not owner.email:
            return {"everything": None, "topics": {}, "paused_until": None}
        return self.env["mailjet.consent"]._get_subscription(owner.email, owner.company)

    @api.model
    def _get_mode(self, subscription):
        """Return what an address receives: ``nothing``, nothing during a ``pause``, or
        else ``receive``."""
        if subscription["everything"]:
            return "nothing"
        return "pause" if subscription["paused_until"] else "receive"

    @api.model
    def _get_topics(self, company):
        domain = [("company_id", "=", company.id)]
        return self.env["mailjet.topic"].search_fetch(domain, ["name", "description"])

    @api.model
    def _get_measuring(self, owner):
        """Return "granted", "refused" or "unknown" by kind."""
        store = self.env["mailjet.measuring"]
        return store._get_choices(owner.company, [owner.email])[owner.email]

    @api.model
    def _get_question(self, owner):
        """Return the text by which the company asks about measuring."""
        return self.env["mailjet.measuring"]._get_text(owner.company)

    @api.model
    def _get_contact(self, owner):
        """Return whom to write to, as HTML; empty if it is unknown."""
        company, mailing = owner.company, owner.row.mailing_id
        contact = company.mailjet_privacy_contact or company.email
        contact = contact or mailing.reply_to or mailing.sender_email or ""
        email = email_normalize(contact)
        return LINK % (email, contact) if email else escape(contact)

    @api.model
    def _get_block(self, everything):
        """Return why an address gets nothing, if its owner cannot change that here:
        the cause of the opt-out, or empty."""
        cause = everything and everything["cause"]
        return "" if cause in (None, "unsubscribed") else cause

    @api.model
    def _list_emails(self, owner):
        """Return the dates of the latest emails of the company to the address, the
        newest first."""
        self.env.flush_all()
        dates = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(c.sent_date, m.sent_date)
                  FROM mailjet_recipient r
                  JOIN mailjet_mailing m ON m.id = r.mailing_id
             LEFT JOIN mailjet_campaign c ON c.id = r.campaign_id
                 WHERE r.email_normalized = %s AND r.status IN %s AND m.company_id = %s
              ORDER BY r.id DESC LIMIT %s
                """,
                owner.email,
                SENT_STATUSES,
                owner.company.id,
                LATEST,
            )
        )
        return [self._say_date(date) for (date,) in dates if date]
