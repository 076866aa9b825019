from odoo import models
from odoo.tools import SQL, format_datetime
from odoo.tools.misc import formatLang

from ...const import SENT_STATUSES
from ...tools.ab_test import CLEAR, FEW, find_best, get_interval, judge
from ..counting import say_count
from ..recipients.mailjet_campaign_rows import find_rows_of


class MailjetMailing(models.Model):
    """The figures of an A/B test, and what can be told from them."""

    _inherit = "mailjet.mailing"

    def get_ab_test(self):
        """Return the figures of the A/B test of a mailing that is being sent or was
        sent.

        :return: dict of ``rows``, one for each version: a dict of ``letter``, ``name``,
            ``subject``, ``sender``, the numbers ``sent``, ``measured``, ``opened``,
            ``clicked`` and ``leads``, and the ``rate`` by which the winner is chosen
            with the interval from ``low`` to ``high`` that holds it with 95 % certainty
            (shares from 0 to 1); ``verdict``, a sentence on chance; ``status``, a
            sentence on what is waited for or was decided; ``waiting``, the number of
            recipients who get the winner; ``winner``, a letter or False;
            ``can_choose``; and ``criterion``
        """
        self.ensure_one()
        self.check_access("read")
        mailing = self.sudo()
        figures = mailing._count_by_letter()
        waiting = mailing._get_waiting()
        return {
            "rows": [
                mailing._get_test_row(letter, counts)
                for letter, counts in {**mailing._get_untried(), **figures}.items()
            ],
            "verdict": mailing._say_comparison(figures),
            "status": mailing._say_test_status(waiting),
            "waiting": sum(waiting.mapped("planned_count")),
            "winner": mailing.ab_winner,
            "can_choose": bool(waiting) and self.has_access("write"),
            "criterion": mailing._get_measure(),
        }

    # === FIGURES === #

    def _count_by_letter(self):
        """Return the numbers of ``sent``, ``measured``, ``opened``, ``clicked`` and
        ``leads`` of each version of the test that was not canceled, by letter."""
        self.env.flush_all()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT c.letter, count(r.id) FILTER (WHERE r.status = ANY(%s)) AS sent,
                       count(r.id) FILTER (
                           WHERE r.status = ANY(%s) AND r.is_unmeasured IS NOT TRUE
                       ) AS measured,
                       count(r.opened_date) AS opened, count(r.clicked_date) AS clicked
                  FROM mailjet_campaign c
             LEFT JOIN mailjet_recipient r ON r.campaign_id = c.id AND %s
                 WHERE c.mailing_id = %s AND c.letter IS NOT NULL
              GROUP BY c.letter ORDER BY c.letter
                """,
                list(SENT_STATUSES),
                list(SENT_STATUSES),
                find_rows_of("r", self.mailjet_campaign_ids.filtered("letter").ids),
                self.id,
            )
        )
        leads = self._count_leads_by_letter()
        return {
            row.pop("letter"): {**row, "leads": leads.get(letter, 0)}
            for row in rows
            for letter in [row["letter"]]
        }

    def _get_untried(self):
        """Return the figures of the versions, by letter, before any was sent: as long
        as the winner is not chosen, each of them may be, even if it was canceled."""
        if not self._get_waiting():
            return {}
        names = ("sent", "measured", "opened", "clicked", "leads")
        return {letter: dict.fromkeys(names, 0) for letter in self._list_letters()}

    def _count_leads_by_letter(self):
        """Return how many leads have the mailing as their source and the address of a
        recipient of each version."""
        if not self.source_id:
            return {}
        counts = self.env.execute_query(
            SQL(
                """
                SELECT c.letter, count(DISTINCT lead.id)
                  FROM crm_lead lead
                  JOIN mailjet_recipient r
                    ON r.email_normalized = lead.email_normalized
                   AND r.mailing_id = %s
                  JOIN mailjet_campaign c ON c.id = r.campaign_id
                 WHERE lead.source_id = %s AND c.letter IS NOT NULL
              GROUP BY c.letter
                """,
                self.id,
                self.source_id.id,
            )
        )
        return dict(counts)

    def _get_measure(self):
        """Return the figure by which versions are compared."""
        return "clicked" if self.ab_criterion == "manual" else self.ab_criterion

    def _get_results_by_letter(self, figures):
        """Return pairs of results and recipients, by letter: openings and clicks are
        compared among those who are measured."""
        measure = self._get_measure()
        totals = {
            letter: counts["sent"]
            if measure == "leads"
            else counts.get("measured", counts["sent"])
            for letter, counts in figures.items()
        }
        return {
            letter: (min(counts[measure], totals[letter]), totals[letter])
            for letter, counts in figures.items()
        }

    def _find_winner(self):
        figures = self._count_by_letter()
        best = find_best(self._get_results_by_letter(figures))
        return best or "a", figures

    # === WORDS === #

    def _get_test_row(self, letter, counts):
        version = self._list_letters().get(letter, self.env["mailjet.version"])
        count, total = self._get_results_by_letter({letter: counts})[letter]
        low, high = get_interval(count, total)
        content = self._with_version(version)
        return {
            "letter": letter,
            "name": self.env["mailjet.version"]._name_letter(letter),
            "subject": content.subject_display or "",
            "sender": content.sender_name or "",
            **counts,
            "rate": count / total if total else 0.0,
            "low": low,
            "high": high,
        }

    def _say_comparison(self, figures):
        """Return what the figures tell, and of whom, in sentences."""
        verdict = self._say_chance(figures)
        sent = sum(counts["sent"] for counts in figures.values())
        results = self._get_results_by_letter(figures).values()
        measured = sum(total for _count, total in results)
        if measured == sent:
            return verdict
        note = say_count(
            self.env,
            measured,
            self.env._("Only the %(count)s recipient who is measured is compared."),
            self.env._("Only the %(count)s recipients who are measured are compared."),
        )
        return f"{verdict} {note}"

    def _say_chance(self, figures):
        """Return what the figures tell, in a sentence."""
        results = self._get_results_by_letter(figures)
        verdict = judge(results)
        if verdict == FEW:
            return self.env._("There are too few results to tell the versions apart.")
        name = self.env["mailjet.version"]._name_letter(find_best(results))
        if verdict == CLEAR:
            return self.env._(
                "%(version)s is better: such a difference is hardly due to chance.",
                version=name,
            )
        return self.env._(
            "%(version)s is ahead, but the difference may be due to chance.",
            version=name,
        )

    def _say_test_status(self, waiting):
        """Return what was decided, or what the test waits for, in a sentence."""
        if self.ab_winner:
            return self._say_decision()
        dates = [date for date in waiting.mapped("next_action_date") if date]
        if dates:
            return self._say_test_end(min(dates))
        if waiting and self.ab_asked_date:
            return self.env._(
                "The test is over: the others wait until someone chooses the winner."
            )
        if waiting and self._get_undecided():
            return self.env._(
                "The versions of the test were canceled: the others wait until someone "
                "chooses one of them."
            )
        if waiting:
            return self.env._("The others wait until the winner is chosen.")
        return ""

    def _say_test_end(self, date):
        date = format_datetime(self.env, date, dt_format="short")
        if self.ab_criterion == "manual":
            return self.env._(
                "The figures are ready on %s, when you are reminded to choose. You can "
                "choose at any time.",
                date,
            )
        return self.env._("The winner will be chosen on %s.", date)

    def _say_decision(self):
        values = {
            "version": self.env["mailjet.version"]._name_letter(self.ab_winner),
            "date": format_datetime(self.env, self.ab_decided_date, dt_format="short"),
        }
        if self.ab_decided_by_id:
            user = self.ab_decided_by_id.name
            sentence = self.env._(
                "%(version)s was chosen by %(user)s on %(date)s.", user=user, **values
            )
        else:
            sentence = self.env._(
                "%(version)s was chosen automatically on %(date)s.", **values
            )
        return f"{sentence} {self._say_figures(self.ab_figures or {})}".strip()

    def _say_figures(self, figures):
        """Return the shares by which the winner was chosen, in a sentence."""
        rates = [
            f"{self.env['mailjet.version']._name_letter(letter)}: "
            f"{formatLang(self.env, 100 * count / total, digits=1)} %"
            for letter, (count, total) in self._get_results_by_letter(figures).items()
            if total
        ]
        return self.env._("Then: %s.", ", ".join(rates)) if rates else ""
