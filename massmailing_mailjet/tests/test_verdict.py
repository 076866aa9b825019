from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo import fields
from odoo.tests import tagged

from ..models.recipients.verdict_facts import COUNT_REASONS
from .common import MailjetCase

# Few contacts and fewer addresses: they meet often.
CONTACTS = 5
ADDRESSES = ["p1@example.com", "P1@Example.com", "p2@example.com", "nobody"]
MOVES = (
    ["edit", "visit", "load", "flag", "tick"] * 2
    + ["unload", "refresh", "blacklist", "unblacklist", "exclude"]
    + ["archive", "merge", "delete", "mail"]
)

moves = st.lists(
    st.tuples(
        st.sampled_from(MOVES),
        st.sets(st.integers(0, CONTACTS - 1), min_size=1, max_size=3).map(sorted),
        st.sampled_from(ADDRESSES),
    ),
    min_size=3,
    max_size=12,
)


@tagged("post_install", "-at_install")
class TestVerdict(MailjetCase):
    """The counts of a mailing add up, whatever happens to it and its records."""

    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(moves)
    def test_counts_add_up_after_any_sequence(self, moves):
        with self._undone():
            self._play(moves)

    def _play(self, moves):
        """Make the moves one after the other, and check the mailing after each."""
        self.pool = list(
            self.env["res.partner"].create(
                [
                    {"name": f"P{number}", "email": ADDRESSES[number % len(ADDRESSES)]}
                    for number in range(CONTACTS)
                ]
            )
        )
        self.found = {}  # by load: what it found when it was last made
        self.gone = False  # some contacts were merged or deleted
        self.mailed = []  # addresses that got another mailing
        mailing = self._make_mailing(frequency_cap_days=7)
        # Another in preparation, with rows of the same addresses.
        second = self._make_mailing(self.pool[1] | self.pool[4])
        self._load(mailing, self.pool[:3])
        self._load(mailing, self.pool[2:])
        self._visit(mailing)
        for move, numbers, address in moves:
            chosen = self.env["res.partner"].union(
                *(self.pool[number] for number in numbers)
            )
            chosen = chosen.exists()
            if chosen:
                getattr(self, f"_{move}")(mailing, chosen, address)
            for each in mailing, second:
                self.assertCountsAddUp(each)
                self.assertRecountChangesNothing(each)
        self._visit(mailing)
        self.assertCountsAddUp(mailing)
        self.assertVerdictsAreRight(mailing)
        self.assertRowsAreWhatTheLoadsFound(mailing)

    def assertRecountChangesNothing(self, mailing):
        """Check that figures that were moved are those that counting gives."""
        (moved,) = mailing.read([*COUNT_REASONS])
        mailing._update_counts()
        self.assertEqual(mailing.read([*COUNT_REASONS]), [moved])

    def assertVerdictsAreRight(self, mailing):
        """Check the verdicts against a plain reading of the rows, one by one."""
        rows = self.env["mailjet.recipient"].search([("mailing_id", "=", mailing.id)])
        refused = (
            self.env["res.partner"]
            .with_context(active_test=False)
            .search([("massmailing_unsubscribed", "=", True)])
        )
        refused = set(refused.mapped("email_normalized"))
        refused |= set(self.env["mail.blacklist"].search([]).mapped("email"))
        exclusions = self.env["mailjet.exclusion"].search(
            [("mailing_id", "=", mailing.id)]
        )
        refused |= set(exclusions.mapped("email_normalized"))
        refused |= set(self.mailed)
        mailable = rows.filtered(
            lambda row: (
                row.selected
                and row.partner_id.active
                and row.email_normalized
                and row.email_normalized not in refused
            )
        )
        planned = rows.filtered(lambda row: row.verdict == "send")
        emails = planned.mapped("email_normalized")
        self.assertEqual(len(emails), len(set(emails)), "an address is planned once")
        self.assertEqual(set(emails), set(mailable.mapped("email_normalized")))
        self.assertLessEqual(planned, mailable)
        for row in rows:
            self.assertEqual(row.verdict == "send", not row.exclusion_reason)

    def assertRowsAreWhatTheLoadsFound(self, mailing):
        """Check that a row is there as long as one of the loads that found it is."""
        rows = self.env["mailjet.recipient"].search([("mailing_id", "=", mailing.id)])
        expected = set().union(*self.found.values()) & set(self.pool)
        self.assertLessEqual(
            expected & set(self.env["res.partner"].concat(*self.pool).exists()),
            set(rows.partner_id),
        )
        self.assertEqual(set(rows.load_id.ids) - set(self.found), set())
        if not self.gone:
            self.assertEqual(set(rows.partner_id), expected)

    # === MOVES === #

    def _load(self, mailing, chosen, _address=None):
        before = mailing.load_ids
        ids = [partner.id for partner in chosen]
        mailing.action_load_domain(str([("id", "in", ids)]))
        self._remember(mailing.load_ids - before)

    def _unload(self, mailing, chosen, _address):
        load = self._choose_load(mailing, chosen)
        self.found.pop(load.id, None)
        load.action_unload()

    def _refresh(self, mailing, chosen, _address):
        for load in self._choose_load(mailing, chosen):
            load._refresh()
            self._remember(load)

    def _choose_load(self, mailing, chosen):
        loads = mailing.load_ids
        return loads[chosen[0].id % len(loads)] if loads else loads

    def _remember(self, load):
        self.found[load.id] = set(self.env["res.partner"].search(load._get_domain()))

    def _tick(self, mailing, chosen, _address):
        rows = self.env["mailjet.recipient"].with_user(self.user)
        for row in rows.search(
            [("mailing_id", "=", mailing.id), ("partner_id", "in", chosen.ids)]
        ):
            row.selected = not row.selected

    def _edit(self, _mailing, chosen, address):
        chosen.email = address

    def _flag(self, _mailing, chosen, _address):
        for partner in chosen:
            refused = partner.massmailing_unsubscribed
            cause = partner.massmailing_unsubscribed_cause
            if cause != "blacklisted":  # that is lifted where it was made
                partner.with_user(self.user).massmailing_unsubscribed = not refused

    def _archive(self, _mailing, chosen, _address):
        for partner in chosen:
            partner.active = not partner.active

    def _blacklist(self, _mailing, _chosen, address):
        if "@" in address:
            self.env["mail.blacklist"]._add(address)

    def _unblacklist(self, _mailing, _chosen, address):
        if "@" in address:
            self.env["mail.blacklist"]._remove(address)

    def _exclude(self, mailing, chosen, _address):
        target = self.env["mailjet.target"].create(
            {"name": "Not these", "contact_ids": chosen.ids}
        )
        if chosen.filtered(lambda partner: partner.active and partner.email_normalized):
            before = mailing.load_ids
            mailing.action_exclude_target(target.id)
            self.found[(mailing.load_ids - before).id] = set()

    def _merge(self, _mailing, chosen, _address):
        if len(chosen) > 1:
            wizard = self.env["base.partner.merge.automatic.wizard"].create({})
            wizard._merge(chosen.ids, chosen[0])
            self.gone = True

    def _delete(self, _mailing, chosen, _address):
        chosen[0].unlink()
        self.gone = True

    def _mail(self, _mailing, chosen, _address):
        """Send the chosen another mailing."""
        other = self._make_mailing(chosen).sudo()
        other.write({"state": "done", "sent_date": fields.Datetime.now()})
        rows = self.env["mailjet.recipient"].search([("mailing_id", "=", other.id)])
        rows.status = "sent"
        self.mailed += filter(None, rows.mapped("email_normalized"))

    def _visit(self, mailing, _chosen=None, _address=None):
        """Go to a step at which the rows are brought up to date."""
        step = "content" if mailing.step == "recipients" else "recipients"
        mailing.action_go_to_step(step)
        mailing.action_go_to_step("recipients")
        self._age_records()  # from now on, only later changes are new
