"""Sentences that one person writes, and another reads in a language of their own."""

import json

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import LazyTranslate

from ..models.counting import Counted
from ..models.sentence import Sentence, get_facts, join, recall, say, say_counted

_lt = LazyTranslate(__name__)

# Texts of the add-on that are translated, as they are in its code.
REFUSED = "Mailjet refused every address. Nothing was sent."
BY_MAILJET = "Refused by Mailjet: %s"
OF_CAMPAIGN = "%(campaign)s: %(message)s"
SENT = "The mailing was sent to %(count)s recipient."
SENT_TO_MANY = "The mailing was sent to %(count)s recipients."


@tagged("post_install", "-at_install")
class TestSentence(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.french = cls.env(context={"lang": "fr_FR"})

    def _pass_on(self, sentence):
        """Return a sentence as someone French reads it from the database."""
        return recall(self.french, json.loads(json.dumps(get_facts(sentence))))

    def test_a_sentence_is_a_text_in_the_language_of_its_writer(self):
        sentence = say(self.env, _lt(REFUSED))
        self.assertEqual(sentence, REFUSED)

    def test_it_is_read_in_another_language(self):
        lazy = _lt(REFUSED)
        self.assertEqual(
            self._pass_on(say(self.env, lazy)),
            "Mailjet a refusé toutes les adresses. Rien n’a été envoyé.",
        )
        self.assertEqual(recall(self.env, get_facts(say(self.french, lazy))), REFUSED)

    def test_its_values_stay(self):
        lazy = _lt(BY_MAILJET, "100 % <b>")
        self.assertIn("100 % <b>", say(self.env, lazy))
        self.assertEqual(self._pass_on(say(self.env, lazy)), self.french._(lazy))

    def test_a_sentence_within_a_sentence_is_translated_as_well(self):
        inner = say(self.env, _lt(REFUSED))
        lazy = _lt(OF_CAMPAIGN, campaign="Oslo", message=inner)
        self.assertEqual(say(self.env, lazy), f"Oslo: {REFUSED}")
        self.assertIn("Mailjet a refusé", self._pass_on(say(self.env, lazy)))

    def test_counts_have_the_plural_of_the_reader(self):
        forms = Counted(_lt(SENT), _lt(SENT_TO_MANY))
        said = [say_counted(self.env, forms, count=count) for count in (0, 1, 2)]
        self.assertEqual(said[0], "The mailing was sent to 0 recipients.")
        self.assertEqual(said[1], "The mailing was sent to 1 recipient.")
        self.assertEqual(
            [self._pass_on(sentence) for sentence in said],
            [
                "Le massmailing a été envoyé à 0 destinataire.",
                "Le massmailing a été envoyé à 1 destinataire.",
                "Le massmailing a été envoyé à 2 destinataires.",
            ],
        )

    def test_several_are_one(self):
        one = say(self.env, _lt(REFUSED))
        self.assertEqual(join(self.env, [one, "", "Plain"]), f"{REFUSED} Plain")
        both = join(self.env, [one, one], "\n")
        self.assertEqual(self._pass_on(both).count("Mailjet a refusé"), 2)

    def test_a_text_without_facts_is_read_as_it_is(self):
        self.assertEqual(self._pass_on("Out of order"), "Out of order")
        self.assertIs(get_facts(""), False)
        self.assertIs(recall(self.env, False), False)

    def test_an_unknown_sentence_is_read_as_it_was_written(self):
        facts = {"source": "Gone since %s", "module": "unknown", "args": ["May"]}
        self.assertEqual(recall(self.french, facts), "Gone since May")

    def test_what_is_stored_is_never_code(self):
        said = recall(self.env, "%(message)s {0.__class__} ${7*7}")
        self.assertEqual(said, "%(message)s {0.__class__} ${7*7}")
        self.assertIsInstance(said, Sentence)
