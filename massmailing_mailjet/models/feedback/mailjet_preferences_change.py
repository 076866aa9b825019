from odoo import api, fields, models

from ..consent.const import MEASURING_KINDS
from .mailjet_preferences_text import PAUSE

MODES = ("receive", "pause", "nothing")
# Longest comment, and longest name of a browser, that are kept.
MOST_COMMENT = 500
MOST_AGENT = 500


class MailjetPreferences(models.AbstractModel):
    """Stores what the owner of an address has chosen on the preference page."""

    _inherit = "mailjet.preferences"

    @api.model
    def _leave(self, owner, visit):
        """Opt an address out of everything, at one click.

        :param dict visit: ``ip`` and ``agent`` of the visitor
        """
        before = self._get_subscription(owner)
        left = set(before["topics"])
        self._store(owner, before, "nothing", left, self._get_proof(owner, {}, visit))

    @api.model
    def _change(self, owner, form, visit):
        """Store what was chosen, and return in sentences what that has changed. What
        is missing in the form, or is no answer, changes nothing.

        :param form: the answers, as werkzeug has read them
        :param dict visit: ``ip`` and ``agent`` of the visitor
        """
        subscription = self._get_subscription(owner)
        before = self._get_facts(owner, subscription)
        mode = "nothing" if form.get("leave") else form.get("mode")
        blocked = self._get_block(subscription["everything"])
        if mode == "nothing" or (mode in MODES and not blocked):
            topics = {str(topic.id) for topic in self._get_topics(owner.company)}
            left = {int(key) for key in topics - set(form.getlist("topic"))}
            proof = self._get_proof(owner, form, visit)
            self._store(owner, subscription, mode, left, proof)
        self._store_measuring(owner, form, visit)
        after = self._get_facts(owner, self._get_subscription(owner))
        return self._say_changes(owner, before, after)

    @api.model
    def _store(self, owner, subscription, mode, left_topic_ids, proof):
        until = subscription["paused_until"]
        pause_until = until or fields.Datetime.now() + PAUSE
        self.env["mailjet.consent"]._change_by_recipient(
            owner.email,
            owner.company,
            mode == "nothing",
            left_topic_ids,
            # Leaving does not end a pause, which may be over before one comes back.
            pause_until if mode == "pause" else mode == "nothing" and until or None,
            proof,
        )

    @api.model
    def _store_measuring(self, owner, form, visit):
        """Store the answers about measuring, if they are those to the text that is
        shown now."""
        choices = {kind: form.get(kind) for kind, _label in MEASURING_KINDS}
        answers = {
            kind: choice
            for kind, choice in choices.items()
            if choice in ("granted", "refused")
        }
        question = self._get_question(owner)
        if not answers or form.get("question") != question._get_version():
            return
        proof = {
            **self._clean(visit),
            "text_id": question.id,
            "lang": self.env.lang,
        }
        store = self.env["mailjet.measuring"]
        store._choose(owner.company, [owner.email], answers, "recipient", proof)

    # === PROOF === #

    @api.model
    def _get_proof(self, owner, form, visit):
        """Return the proof of a choice."""
        comment = " ".join((form.get("comment") or "").replace("\x00", " ").split())
        return {
            **self._clean(visit),
            "mailing_id": owner.row.mailing_id.id,
            "reason": self._get_reason(owner, form.get("reason")),
            "comment": comment[:MOST_COMMENT] or None,
        }

    @api.model
    def _get_reason(self, owner, reason):
        """Return a reason in the language of the company's users, or None."""
        if not reason:
            return None
        staff = self.with_context(lang=owner.company.partner_id.lang or "en_US")
        return staff._get_reasons().get(reason)

    @api.model
    def _clean(self, visit):
        agent = (visit["agent"] or "").replace("\x00", " ")
        return {"ip": visit["ip"], "agent": agent[:MOST_AGENT] or None}

    # === WHAT HAS CHANGED === #

    @api.model
    def _get_facts(self, owner, subscription):
        """Return what an owner has chosen, to be compared."""
        until = subscription["paused_until"]
        return {
            "mode": self._get_mode(subscription),
            "until": until and self._say_date(until),
            "left": set(subscription["topics"]),
            "measuring": self._get_measuring(owner),
        }

    @api.model
    def _say_changes(self, owner, before, after):
        said = []
        if (before["mode"], before["until"]) != (after["mode"], after["until"]):
            said.append(self._say_mode(owner.company, after))
        for topic in self._get_topics(owner.company):
            was_left, is_left = topic.id in before["left"], topic.id in after["left"]
            if was_left and not is_left:
                said.append(self.env._("You receive “%s” again.", topic.name))
            elif is_left and not was_left:
                said.append(self.env._("You no longer receive “%s”.", topic.name))
        for kind, choice in after["measuring"].items():
            if choice != before["measuring"][kind]:
                said.append(self._say_measuring(kind, choice))
        return said or [self.env._("Nothing was changed.")]

    @api.model
    def _say_mode(self, company, facts):
        if facts["mode"] == "nothing":
            return self.env._("You no longer receive any mailing of %s.", company.name)
        if facts["mode"] == "pause":
            return self.env._(
                "You receive no mailing of %(company)s until %(date)s.",
                company=company.name,
                date=facts["until"],
            )
        return self.env._("You receive the mailings of %s again.", company.name)

    @api.model
    def _say_measuring(self, kind, choice):
        if choice == "granted":
            return {
                "open": self.env._("You agree that your openings are measured."),
                "click": self.env._("You agree that your clicks are measured."),
            }[kind]
        return {
            "open": self.env._("Your openings are not measured."),
            "click": self.env._("Your clicks are not measured."),
        }[kind]
