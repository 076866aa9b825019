from .common import MailjetCase


class GalleryCase(MailjetCase):
    """A mailing without an e-mail, and the gallery as its user sees it."""

    def setUp(self):
        super().setUp()
        self.mailing = self._make_mailing(
            composition="template", body_code=False, subject=False, sender_name=False
        )
        self.gallery = self.env["mailjet.gallery"].with_user(self.user)

    def _cards(self, source, **arguments):
        answered = self.gallery.get_cards(self.mailing.id, source, **arguments)
        return {card["name"]: card for card in answered["cards"]}

    def _preview(self, source, card):
        return self.gallery.get_preview(self.mailing.id, source, card["id"])

    def _use(self, source, card, **arguments):
        return self.gallery.action_use_template(
            self.mailing.id, source, card["id"], **arguments
        )
