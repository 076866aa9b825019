from contextlib import suppress

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..const import CAUSE_RANKS, MANAGER_CAUSES, PERSONAL_CAUSES
from .feedback_common import FeedbackCase

ADDRESSES = ["ann@example.com", "bob@example.com", "new@example.com", False]
KINDS = {"unsub": "unsubscribed", "spam": "complained", "hard": "bounced"}
COUNT_DOMAINS = ["salesperson", "mailer", "manager", "program"]
MOVES = (
    ["tick", "untick", "edit"] * 3
    + ["webhook", "sync", "clean", "bring", "push", "forget"]
    + ["blacklist", "unblacklist"] * 2
    + ["merge", "delete", "archive"]
)
moves = st.lists(
    st.tuples(
        st.sampled_from(MOVES),
        st.integers(0, 4),
        st.integers(0, 4),
        st.sampled_from(ADDRESSES),
        st.sampled_from(COUNT_DOMAINS),
        st.sampled_from(sorted(KINDS)),
    ),
    min_size=3,
    max_size=14,
)


@tagged("post_install", "-at_install")
class TestConsentRules(FeedbackCase):
    """Once refused stays refused, until a person with the right lifts that cause:
    random acts by several users, against a model of a few sets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            "salesperson": new_test_user(
                cls.env, "consent_seller", "sales_team.group_sale_salesman_all_leads"
            ),
            "mailer": cls.user,
            "manager": cls.manager,
            "program": cls.env.ref("base.user_root"),
        }
        cls.user.group_ids += cls.env.ref("sales_team.group_sale_salesman_all_leads")
        cls.manager.group_ids += cls.env.ref("sales_team.group_sale_salesman_all_leads")

    @settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(moves)
    def test_once_refused_stays_refused(self, moves):
        with self._undone():
            self._play(moves)

    def _play(self, moves):
        self.mailjet.reset()
        self.refused = {address: set() for address in ADDRESSES if address}
        self.marks = {}  # what records without an address refuse for
        self.by_hand = set()  # who is on Odoo's blacklist by somebody's decision
        self.known = set()  # what the mailing's rows know: (address, kind)
        self.minutes = 0
        self.pool = [self.ann, self.bob]
        self.pool += [
            self.env["res.partner"].create({"name": "New", "email": ADDRESSES[2]}),
            self.env["res.partner"].create({"name": "Silent"}),
            self._make_lead("ann@example.com"),
        ]
        for move, first, second, address, who, kind in moves:
            record, other = self.pool[first], self.pool[second]
            if record.exists():
                getattr(self, f"_{move}")(record, other, address, who, kind)
            self.assertShown()
        self.assertVerdicts()
        self._push()

    # === WHAT HAS TO BE === #

    def _causes(self, record):
        address = record.email_normalized
        return self.refused[address] if address else self.marks.get(record, set())

    def assertShown(self):
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.invalidate_all()
        for record in self.pool:
            if record.exists():
                self.assertEqual(
                    record.massmailing_unsubscribed_cause,
                    _strongest(self._causes(record)),
                )
                self.assertEqual(
                    record.massmailing_unsubscribed, bool(self._causes(record))
                )
                found = self.env[record._name].with_context(active_test=False)
                domain = [("id", "=", record.id), ("massmailing_unsubscribed", "=", 1)]
                self.assertEqual(
                    found.search_count(domain), int(bool(self._causes(record)))
                )

    def assertVerdicts(self):
        partners = self.env["res.partner"].union(
            *(r for r in self.pool if r._name == "res.partner" and r.exists())
        )
        mailing = self._make_mailing(partners.filtered("active"))
        rows = self.env["mailjet.recipient"].search([("mailing_id", "=", mailing.id)])
        for row in rows:
            cause = _strongest(self._causes(row.partner_id))
            if cause:
                self.assertEqual(row.exclusion_reason, cause)
            else:
                self.assertIn(row.exclusion_reason, (False, "no_email", "duplicate"))
        self.assertCountsAddUp(mailing)

    # === ACTS === #

    def _tick(self, record, _other, _address, who, _kind):
        if not self._causes(record):
            self._add(record, "unsubscribed")
        record.with_user(self.users[who]).write({"massmailing_unsubscribed": True})

    def _untick(self, record, _other, _address, who, _kind):
        causes = self._causes(record)
        lifted = set(causes)
        if record.email_normalized in self.by_hand:
            lifted -= {"blacklisted"}
        refused = UserError if causes and not lifted else None
        if lifted and (
            who == "salesperson" or (who == "mailer" and lifted & set(MANAGER_CAUSES))
        ):
            refused = AccessError
        flag = {"massmailing_unsubscribed": False}
        if who != "program" and refused:
            with self.assertRaises(refused), self.env.cr.savepoint():
                record.with_user(self.users[who]).write(flag)
            return
        record.with_user(self.users[who]).write(flag)
        if who != "program":
            causes -= lifted

    def _edit(self, record, _other, address, who, _kind):
        name = "email_from" if record._name == "crm.lead" else "email"
        record.with_user(self.users[who]).write({name: address})
        if address:
            self.refused[address] |= self.marks.pop(record, set())

    def _webhook(self, _record, _other, address, _who, kind):
        self.minutes += 1
        if address:
            self.refused[address].add(KINDS[kind])
            self.known.add((address, KINDS[kind]))
            self._tell(self._event(kind, address, minutes=self.minutes))

    def _sync(self, _record, _other, address, _who, _kind, source="sync"):
        fact = "complained" if source == "sync" else "unsubscribed"
        if address in ADDRESSES[:2]:
            if (address, fact) not in self.known:
                self.refused[address].add(fact)
            self.known.add((address, fact))
        if source == "sync":
            self.env["mailjet.sync.message"]._apply(
                self.mailing, [(address, fact, None, "")]
            )
        else:
            mailing_list = self.env["mailjet.list"].create(
                {
                    "name": f"list {self.minutes} {address}",
                    "mailjet_id": "1",
                    "account_id": self.account.id,
                    "mailing_id": self.mailing.id,
                }
            )
            mailing_list._unsubscribe([address or ""])
            mailing_list.unlink()

    def _clean(self, record, other, address, who, kind):
        self._sync(record, other, address, who, kind, "list")

    def _bring(self, _record, _other, address, who, kind):
        """Import a record of the address, which refuses or does not."""
        flag = "True" if kind == "unsub" else "False"
        model = self.env["res.partner"].with_user(self.users[who])
        result = model.with_context(import_file=True).load(
            ["name", "email", "massmailing_unsubscribed"],
            [["Brought", address or "", flag]],
        )
        self.assertTrue(result["ids"], result)
        record = self.env["res.partner"].browse(result["ids"])
        self.pool.append(record)
        if flag == "True" and not self._causes(record):
            self._add(record, "unsubscribed")

    def _push(self, *_arguments):
        """Mailjet excludes who refuses and was mailed, and nobody else."""
        self.env["mailjet.suppression"].flush_model()
        with self.account._client() as client:
            self.env["mailjet.suppression"]._push(self.account, client)
        # An exclusion that was erased here goes on at Mailjet.
        self.assertEqual(
            self.mailjet.excluded,
            {address for address in ADDRESSES[:2] if self.refused[address]},
        )

    def _forget(self, _record, _other, address, _who, _kind):
        """Erase an address that is going to come back, or is still there."""
        if address:
            self.env["mailjet.consent"]._forget([address])
            # The verdict, the flag and what is pushed find it by its digest.
            self.env["mailjet.consent"]._recall([address])

    def _blacklist(self, _record, _other, address, who, _kind):
        if address:
            self.refused[address].add("blacklisted")
            self.by_hand.add(address)
            self._get_blacklist(who)._add(address)

    def _unblacklist(self, _record, _other, address, who, _kind):
        if address:
            self.by_hand.discard(address)
            if who != "program":
                self.refused[address].discard("blacklisted")
            self._get_blacklist(who)._remove(address)

    def _get_blacklist(self, who):
        user = "program" if who == "program" else "admin"
        people = {"admin": self.env.ref("base.user_admin"), **self.users}
        return self.env["mail.blacklist"].with_user(people[user])

    def _merge(self, record, other, _address, _who, _kind):
        if record == other or not other.exists():
            return
        if {record._name, other._name} != {"res.partner"}:
            return
        cause = _strongest(self._causes(other) & set(PERSONAL_CAUSES))
        if _strongest(self._causes(other)) not in PERSONAL_CAUSES:
            cause = False
        address = record.email_normalized or other.email_normalized
        marks = self.marks.pop(record, set())
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((record | other).ids, record)
        self.env.flush_all()
        if address:
            self.refused[address] |= marks
        elif marks:
            self.marks[record] = marks
        if cause:
            self._add(record, cause)

    def _delete(self, record, _other, _address, _who, _kind):
        with suppress(UserError):
            record.unlink()

    def _archive(self, record, _other, _address, who, _kind):
        record.with_user(self.users[who]).write({"active": not record.active})

    def _add(self, record, cause):
        address = record.email_normalized
        if address:
            self.refused[address].add(cause)
        else:
            self.marks.setdefault(record, set()).add(cause)


def _strongest(causes):
    return max(causes, key=CAUSE_RANKS.get) if causes else False
