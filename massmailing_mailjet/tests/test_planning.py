from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.tests import tagged

from ..const import DELIVERY_STEPS
from .common import MailjetCase


@tagged("post_install", "-at_install")
class TestPlanning(MailjetCase):
    """Where mailings stand in time, and the lists that show them."""

    def test_the_day_in_the_calendar(self):
        mailing = self._make_mailing(self.people)
        self.assertFalse(mailing.calendar_date)
        date = fields.Datetime.now() + timedelta(days=3)
        mailing.action_schedule(date)
        self.assertEqual(mailing.calendar_date, mailing.schedule_date)
        mailing.action_cancel()
        self.assertFalse(mailing.calendar_date)
        mailing.action_send()
        self._run_cron()
        self.assertEqual(mailing.calendar_date, mailing.sent_date)
        self.assertTrue(mailing.sent_date)

    def test_columns_without_a_mailing_are_folded(self):
        mailing = self._make_mailing()
        Mailing = self.env["mailjet.mailing"].with_context(read_group_expand=True)
        groups = Mailing.web_read_group(
            [("id", "=", mailing.id)],
            ["state"],
            auto_unfold=True,
            unfold_read_specification={"name": {}},
        )["groups"]
        open_states = [group["state"] for group in groups if "__records" in group]
        self.assertGreater(len(groups), 1)
        self.assertEqual(open_states, ["draft", "done"])

    def test_the_calendar_shows_the_state_by_its_color(self):
        mailing = self._make_mailing(self.people).sudo()
        colors = []
        for state in ("draft", "in_queue", "sending", "done", "failed"):
            mailing.state = state
            colors.append(mailing.calendar_color)
        self.assertFalse(colors[0])
        self.assertEqual(len(set(colors)), len(colors))
        arch = self.env["mailjet.mailing"].get_view(view_type="calendar")["arch"]
        self.assertEqual(etree.fromstring(arch).get("color"), "calendar_color")

    def test_lists_begin_with_drafts_and_go_back_in_time(self):
        now = fields.Datetime.now()
        dates = (now - timedelta(days=2), now + timedelta(days=1), False, now)
        mailings = self.env["mailjet.mailing"]
        for date in dates:
            mailing = self._make_mailing().sudo()
            if date:
                state = "in_queue" if date > now else "done"
                field = "schedule_date" if date > now else "sent_date"
                mailing.write({"state": state, field: date})
            mailings += mailing
        old, planned, draft, new = mailings
        for kind in ("list", "kanban"):
            arch = self.env["mailjet.mailing"].get_view(view_type=kind)["arch"]
            order = etree.fromstring(arch).get("default_order")
            found = mailings.search([("id", "in", mailings.ids)], order=order)
            self.assertEqual(found, draft + planned + new + old, kind)

    def test_progress_only_grows(self):
        mailing = self._make_mailing(self.people)
        self.assertEqual(mailing.progress, 0)
        shown = []
        for step, _label in DELIVERY_STEPS:
            self._make_campaign(mailing, state="preparing", delivery_step=step)
            shown.append(mailing.progress)
        self.assertEqual(shown, sorted(shown))
        self.assertGreater(shown[0], 0)
        self.assertLess(shown[-1], 100)
        mailing.sudo().state = "done"
        self.assertEqual(mailing.progress, 0)

    def test_cards_say_what_the_form_says(self):
        mailings = self._make_mailing(self.people) + self._make_mailing(self.people)
        for mailing in mailings:
            self._make_campaign(mailing, state="preparing", delivery_step="upload")
        states = ("done", "uploaded", "draft", "draft")
        self.env["mailjet.upload"].create(
            [
                {"campaign_id": self._make_campaign(mailings[0]).id, "state": state}
                | {"first_row": 1, "last_row": 1}
                for state in states
            ]
        )
        mailings.invalidate_recordset(["progress"])
        shown = mailings.mapped("progress")
        self.assertGreater(shown[0], shown[1])
        self.assertEqual(
            shown, [mailing.get_progress()["percent"] for mailing in mailings]
        )

    def test_every_list_of_ours_teaches_when_it_is_empty(self):
        actions = self.env["ir.actions.act_window"].search(
            [("res_model", "=like", "mailjet.%"), ("target", "!=", "new")]
        )
        self.assertTrue(actions)
        for action in actions:
            with self.subTest(action.xml_id):
                self.assertIn("o_view_nocontent", action.help or "")

    def test_no_screen_gives_one_key_to_two_buttons(self):
        """Buttons of a header that are never shown together may share a key."""
        views = self.env["ir.ui.view"].search(
            [("model", "=like", "mailjet.%"), ("type", "=", "form")]
        )
        for view in views:
            tree = etree.fromstring(view.arch)
            keys = [
                (button.get("data-hotkey"), self._get_conditions(button))
                for button in tree.iter("button")
                if button.get("data-hotkey")
            ]
            with self.subTest(view.name):
                self.assertEqual(len(keys), len(set(keys)))

    def _get_conditions(self, node):
        """Return what hides a node, by itself or with what holds it."""
        chain = [node, *node.iterancestors()]
        return tuple(item.get("invisible") for item in chain if item.get("invisible"))
