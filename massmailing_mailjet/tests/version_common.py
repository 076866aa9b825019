from .common import DeliveryCase

FRENCH = {"subject": "Bonjour $contacts-firstname$", "body_code": "<p>Cher lecteur</p>"}
FRENCH_NAME = "French / Français"


class VersionCase(DeliveryCase):
    """A French contact, a German one, and one whose language is unknown."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ("fr_FR", "fr_BE", "de_DE"):
            cls.env["res.lang"]._activate_lang(code)
        cls.people.lang = False
        cls.bob.lang = "fr_FR"
        cls.cat.lang = "de_DE"

    def _make_version(self, mailing, lang="fr_FR", **values):
        action = mailing.action_add_version(lang)
        version = mailing.env[action["res_model"]].browse(action["res_id"])
        version.write({**FRENCH, **values})
        return version

    def _send(self, mailing):
        mailing.action_send()
        for _run in range(3):
            self._run_later(minutes=1)
        return mailing.sudo().mailjet_campaign_ids.sorted("sequence")
