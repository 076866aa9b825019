from odoo.tests import tagged

from .recipient_load_common import RecipientLoadCase


@tagged("post_install", "-at_install")
class TestRecipientLoad(RecipientLoadCase):
    """Loading recipients, doing it again and undoing it."""

    def test_several_loads_add_up_and_never_double(self):
        mailing = self._make_mailing(self.ann | self.bob)
        action = mailing.action_load_filter(self.filter.id)
        self.assertEqual(mailing.recipient_count, 3)
        self.assertIn(
            "1 recipient added, 2 already listed", action["params"]["message"]
        )
        first, second = mailing.load_ids.sorted("id")
        self.assertEqual((first.found_count, first.new_count), (2, 2))
        self.assertEqual(
            (second.found_count, second.new_count, second.existing_count), (3, 1, 2)
        )
        self.assertEqual(second.user_id, self.user)
        self.assertCountsAddUp(mailing)

    def test_a_load_can_be_undone(self):
        mailing = self._make_mailing(self.ann)
        mailing.action_load_filter(self.filter.id)
        mailing.load_ids.sorted("id")[-1].action_unload()
        self.assertEqual(self._rows(mailing), {"ann@example.com": "send"})
        self.assertEqual(len(mailing.load_ids), 1)
        self.assertCountsAddUp(mailing)

    def test_a_row_that_two_loads_found_outlives_the_first(self):
        mailing = self._make_mailing(self.ann | self.bob)
        mailing.action_load_filter(self._make_filter("Two", self.bob | self.cat).id)
        mailing.action_load_filter(self._make_filter("Three", self.bob).id)
        first, second, third = mailing.load_ids.sorted("id")
        self._row(mailing, self.bob).selected = False
        first.action_unload()
        self.assertEqual(
            self._rows(mailing),
            {"Bob@Example.com": "unticked", "cat@example.com": "send"},
        )
        self.assertEqual((second.found_count, second.new_count), (2, 2))
        self.assertEqual((third.found_count, third.new_count), (1, 0))
        second.action_unload()
        self.assertEqual(set(self._rows(mailing)), {"Bob@Example.com"})
        third.action_unload()
        self.assertFalse(self._rows(mailing) or mailing.recipient_count)
        self.assertFalse(self.env["mailjet.recipient.overlap"].search([]))

    def test_a_load_says_what_doing_it_again_would_change(self):
        domain = [("city", "=", "Oslo"), ("id", "in", self.people.ids)]
        mailing = self._make_mailing()
        oslo = self._make_filter("Oslo", self.people, domain)
        mailing.action_load_filter(self._make_filter("Cat", self.cat).id)
        mailing.action_load_filter(oslo.id)
        load = mailing.load_ids.filtered(lambda load: load.name == "Oslo")
        wizard = self._refresh(load)
        self.assertEqual((wizard.add_count, wizard.remove_count), (0, 0))
        self.bob.city, self.ann.city, self.cat.city = "Oslo", "Bern", "Bern"
        action = load.action_open_refresh()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual((wizard.add_count, wizard.add_names), (1, "Bob Birch"))
        self.assertEqual((wizard.remove_count, wizard.remove_names), (1, "Ann Ash"))
        self.assertEqual(mailing.recipient_count, 2)
        wizard.action_refresh()
        self.assertEqual(
            set(self._rows(mailing)), {"Bob@Example.com", "cat@example.com"}
        )
        self.assertEqual((load.found_count, load.new_count), (1, 1))
        self.assertCountsAddUp(mailing)
        answer = load.action_open_refresh()
        self.assertEqual(answer["tag"], "display_notification")
        self.assertIn("Nothing has changed", answer["params"]["message"])
        (mailing.load_ids - load).action_unload()
        self.assertEqual(set(self._rows(mailing)), {"Bob@Example.com"})

    def test_a_deleted_record_is_taken_away_by_a_refresh(self):
        mailing = self._make_mailing(self.people)
        self.bob.unlink()
        wizard = self._refresh(mailing.load_ids)
        self.assertEqual((wizard.add_count, wizard.remove_names), (0, "Bob Birch"))
        wizard.action_refresh()
        self.assertEqual(mailing.recipient_count, 2)

    def test_a_deleted_filter_is_remembered_as_it_was(self):
        mailing = self._make_mailing(self.ann)
        mailing.load_ids.filter_id.unlink()
        wizard = self._refresh(mailing.load_ids)
        self.assertFalse(wizard.add_count or wizard.remove_count)

    def test_a_load_without_its_source_finds_nobody(self):
        """Whatever door is tried, and nothing changes."""
        target = self.env["mailjet.target"].create(
            {"name": "Few", "contact_ids": self.ann.ids}
        )
        mailing = self._make_mailing(recipient_type="target")
        mailing.action_load_target(target.id)
        mailing.action_exclude_target(target.id)
        added, left_out = mailing.load_ids.sorted("mode")
        wizard = self._refresh(added)
        target.unlink()
        self.assertFalse(added.can_refresh or left_out.can_refresh)
        for load in added, left_out:
            wizard.load_id = load
            for act in (
                load.action_open_refresh,
                wizard.action_refresh,
                lambda wizard=wizard: wizard.read(["add_count"]),
                load._refresh,
                load._compare,
                load._find,
            ):
                with self.assertRefused("cannot be refreshed"):
                    act()
        self.assertEqual(self._rows(mailing), {"ann@example.com": "excluded_target"})
        self.assertCountsAddUp(mailing)

    def test_loads_of_a_mailing_that_left_stay(self):
        mailing = self._make_mailing(self.people)
        wizard = self._refresh(mailing.load_ids)
        mailing.sudo().state = "done"
        for act in (
            mailing.load_ids.action_unload,
            wizard.action_refresh,
            lambda: mailing.action_load_domain("[]"),
            lambda: mailing.action_load_addresses("ann@example.com"),
            lambda: mailing.action_exclude_target(1),
        ):
            with self.assertRefused("cannot be changed"):
                act()
