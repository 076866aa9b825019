from typing import NamedTuple

from odoo import models

from ..counting import say_count


class Senders(NamedTuple):
    """How many emails come from whom.

    :param dict own: emails from a salesperson's own address, by salesperson
    :param dict refused: emails from the mailing's own sender because Mailjet does not
        allow the salesperson's address, by salesperson
    :param int without: emails to recipients without a salesperson with an address
    """

    own: dict
    refused: dict
    without: int

    @property
    def rest(self):
        """The number of emails from the mailing's own sender."""
        return sum(self.refused.values()) + self.without


class Salesperson(NamedTuple):
    """A salesperson as recipients see one."""

    name: str
    email: str


class MailjetMailing(models.Model):
    """Says whom a mailing comes from: its own sender, or salespersons."""

    _inherit = "mailjet.mailing"

    # === OF ONE EMAIL === #

    def _format_sender(self):
        """Return the mailing's own sender as mailboxes show it."""
        return f"{self.sender_name or ''} <{self.sender_email or ''}>"

    def _get_content_to(self, person, version=None):
        """Return the mailing as one person gets or got it, on a record that is not
        stored if that differs: like :meth:`_get_content_for`, with the values of the
        campaign once there is one.

        :param person: an empty recordset for nobody in particular
        :param version: None for the one that the person gets
        """
        campaign = self._get_campaign_of(person, version)
        if campaign and campaign.frozen_values:
            return campaign._get_content()
        if person:
            return self._get_content_for(person, version)
        return self._with_version(version) if version else self

    # === OF ALL EMAILS === #

    def _describe_sender(self):
        """Return whom the emails of a mailing that was sent came from, in one line."""
        if not self.from_salesperson:
            return self._format_sender()
        return self._summarize_senders(self._get_senders())

    def get_senders(self):
        """Return whom the emails of a mailing from the salespersons come from. Before
        it is sent this reads all of its recipients.

        :return: dict of ``rows``, each a dict of ``name``, ``sender``, ``reply_to`` and
            ``count``; ``notes``, the sentences about what comes from the mailing's own
            sender; and the ``action`` that opens the Mailjet account with its senders,
            False if the user cannot change it
        """
        self.ensure_one()
        self.check_access("read")
        senders = self._get_senders()
        account = self.account_id
        may_change = bool(senders.refused) and account.has_access("write")
        return {
            "rows": self._list_senders(senders),
            "notes": self._explain_senders(senders),
            "action": may_change and account.get_formview_action(),
        }

    def _get_senders(self):
        """Return the :class:`Senders` of the campaigns of a mailing that is being sent
        or was sent, else those that it would have now."""
        campaigns = self.sudo().mailjet_campaign_ids.filtered("frozen_values")
        if campaigns:
            return self._read_senders(campaigns)
        return self._sort_senders(self._count_by_salesperson())

    def _sort_senders(self, counts):
        """Return the :class:`Senders` of emails that were counted by user."""
        own, refused, without = {}, {}, 0
        for user, count in counts.items():
            values = self._get_sender_values(user)
            if not values:
                without += count
                continue
            person = Salesperson(user.name, values["reply_to"])
            group = own if "sender_email" in values else refused
            group[person] = group.get(person, 0) + count
        return Senders(own, refused, without)

    def _read_senders(self, campaigns):
        own, refused, without = {}, {}, 0
        for campaign in campaigns:
            values, count = campaign.own_values or {}, campaign._get_planned_count()
            address = values.get("reply_to")
            if not address:
                without += count
                continue
            if values.get("sender_email"):
                group, person = own, Salesperson(values["sender_name"], address)
            else:
                group, person = refused, Salesperson(address, address)
            group[person] = group.get(person, 0) + count
        return Senders(own, refused, without)

    def _list_senders(self, senders):
        own_sender = self._format_sender()
        rows = [
            (person.name, f"{person.name} <{person.email}>", person.email, count)
            for person, count in senders.own.items()
        ]
        rows += [
            (person.name, own_sender, person.email, count)
            for person, count in senders.refused.items()
        ]
        if senders.without:
            name = self.env._("No salesperson with an address")
            reply_to = self.reply_to or self.sender_email
            rows.append((name, own_sender, reply_to, senders.without))
        names = ("name", "sender", "reply_to", "count")
        return [dict(zip(names, row, strict=True)) for row in rows]

    def _explain_senders(self, senders):
        """Return the sentences about emails that come from the mailing's own sender."""
        notes = []
        if senders.refused:
            notes.append(
                say_count(
                    self.env,
                    sum(senders.refused.values()),
                    self.env._(
                        "%(count)s email comes from the mailing's own sender because "
                        "Mailjet does not allow the salesperson's address. Replies go "
                        "to the salesperson."
                    ),
                    self.env._(
                        "%(count)s emails come from the mailing's own sender because "
                        "Mailjet does not allow the salesperson's address. Replies go "
                        "to the salesperson."
                    ),
                )
            )
        if senders.without:
            notes.append(
                say_count(
                    self.env,
                    senders.without,
                    self.env._(
                        "%(count)s recipient has no salesperson with an address: the "
                        "email comes from the mailing's own sender, and replies go "
                        "there."
                    ),
                    self.env._(
                        "%(count)s recipients have no salesperson with an address: "
                        "the emails come from the mailing's own sender, and replies "
                        "go there."
                    ),
                )
            )
        return notes

    def _summarize_senders(self, senders):
        """Return whom the emails come from, in one line."""
        sender = self._format_sender()
        if not senders.own:
            return sender
        forms = (
            self.env._("%(count)s salesperson"),
            self.env._("%(count)s salespersons"),
        )
        if senders.rest:
            forms = (
                self.env._("%(count)s salesperson, otherwise %(sender)s"),
                self.env._("%(count)s salespersons, otherwise %(sender)s"),
            )
        return say_count(self.env, len(senders.own), *forms, sender=sender)
