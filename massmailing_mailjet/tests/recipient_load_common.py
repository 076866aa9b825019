from .common import MailjetCase


class RecipientLoadCase(MailjetCase):
    """Recipients that are loaded, and loaded again."""

    def _refresh(self, load):
        """Return the wizard that doing the load again opens."""
        action = load.action_open_refresh()
        return (
            self.env[action["res_model"]].with_user(self.user).browse(action["res_id"])
        )
