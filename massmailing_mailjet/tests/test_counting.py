from odoo.tests import TransactionCase, tagged

from ..models.counting import say_count


@tagged("post_install", "-at_install")
class TestCounting(TransactionCase):
    """A sentence takes the form that its count needs in the reader's language."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")

    def _say(self, lang, count):
        env = self.env(context={"lang": lang})
        return say_count(
            env, count, "%(count)s %(what)s", "%(count)s %(what)ss", what="email"
        )

    def test_english_has_a_singular_for_one(self):
        said = [self._say("en_US", count) for count in (0, 1, 2, 1234)]
        self.assertEqual(said, ["0 emails", "1 email", "2 emails", "1,234 emails"])
        self.assertEqual(self._say(None, 1), "1 email")

    def test_french_has_a_singular_for_none_and_one(self):
        said = [self._say("fr_FR", count) for count in (0, 1, 2, 1_000_000)]
        self.assertEqual(said[:3], ["0 email", "1 email", "2 emails"])
        self.assertTrue(said[3].endswith(" emails"))

    def test_what_was_loaded_is_said_in_the_readers_language(self):
        french = self.env(context={"lang": "fr_FR"})
        say = french["mailjet.check"]._fill
        sentences = french["mailjet.check"]._get_sentences()["value_empty"]
        for count, words in ((0, "0 destinataire n’a"), (2, "2 destinataires n’ont")):
            values = {"count": count, "token": "$contacts-city$"}
            self.assertIn(words, say(sentences[0], values))
