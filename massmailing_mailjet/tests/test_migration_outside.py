from importlib import util
from pathlib import Path

from .test_feedback import FeedbackCase

FOLDER = Path(__file__).parents[1] / "migrations" / "19.0.1.1.0"


def load_script(name):
    """Return the module of a migration script, whose name is no module's."""
    spec = util.spec_from_file_location(name.replace("-", "_"), FOLDER / f"{name}.py")
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class TestMigration(FeedbackCase):
    """What databases of 19.0.1.0.0 hold becomes what is read now."""

    def test_words_become_codes_once(self):
        post = load_script("post-outside")
        rows = self._recipients().sorted("email")
        old = ["The mailbox is full.", "L'adresse n'existe pas.", "550 no"]
        new = ["quota exceeded", "user unknown", "550 no"]
        for row, words in zip(rows, old, strict=True):
            row.bounce_reason = words
        self.env.flush_all()
        for _time in range(2):
            post.migrate(self.env.cr, "19.0.1.0.0")
            self.env.invalidate_all()
            self.assertEqual(rows.mapped("bounce_reason"), new)

    def test_every_word_is_known(self):
        errors = dict(self.env["mailjet.event"]._fields["error"].selection)
        words = load_script("post-outside").WORDS
        self.assertEqual({code for code, *_labels in words}, errors.keys())

    def test_what_is_negative_becomes_nothing(self):
        self.env.cr.execute(
            """
            ALTER TABLE mailjet_account
             DROP CONSTRAINT mailjet_account_monthly_limit_positive;
            UPDATE mailjet_account SET monthly_limit = -5
            """
        )
        load_script("pre-outside").migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertEqual(self.account.monthly_limit, 0)
