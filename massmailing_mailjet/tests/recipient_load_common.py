from .common import MailjetCase


class RecipientLoadCase(MailjetCase):
    """Recipients that are loaded, and loaded again."""

    def _refresh(self, load):
        """Return the wizard that shows what refreshing a load would change."""
        wizards = self.env["mailjet.recipient.load.refresh"].with_user(self.user)
        return wizards.create({"load_id": load.id})
