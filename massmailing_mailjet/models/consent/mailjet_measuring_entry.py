from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL

from .mailjet_consent import normalize, read_address

# The columns of a new choice, and their types in PostgreSQL.
COLUMNS = {
    "company_id": "int",
    "email": "text",
    "kind": "text",
    "choice": "text",
    "source_text": "text",
    "text_id": "int",
    "lang": "text",
    "ip": "text",
    "agent": "text",
}
# What a new choice ``f`` replaces: an equal one only if the recipient answered another
# text, and no file overrides a refusal, not even one whose company was deleted.
REPLACED = SQL(
    """
    m.choice <> f.choice AND NOT (m.choice = 'refused' AND f.source = 'import')
    OR m.choice = f.choice AND f.text_id <> COALESCE(m.text_id, 0)
    """
)
OVERRIDES_NOTHING = SQL(
    """
    f.source <> 'import' OR f.choice = 'refused'
    OR NOT EXISTS (SELECT FROM mailjet_measuring m
                    WHERE m.email = f.email AND m.kind = f.kind
                      AND m.company_id IS NULL AND m.choice = 'refused'
                      AND m.ended_date IS NULL)
    """
)


class MailjetMeasuring(models.Model):
    """The only way into the store of choices about measuring."""

    _inherit = "mailjet.measuring"

    @api.model
    def _choose(self, company, emails, choices, source, proof=None):
        """Store what the owners of addresses have chosen towards a company; whoever
        calls this has checked that it may be entered.

        :param emails: addresses
        :param dict choices: "granted" or "refused", by kind
        :param source: one of ``const.MEASURING_SOURCES``
        :param dict proof: ``text_id``, ``lang``, ``ip``, ``agent`` of a recipient's
            answer; ``source_text`` of what a user enters
        :raise ValidationError: if permission is given without a proof, or by nobody
        """
        shared = {**(proof or {}), "company_id": company.id}
        rows = [
            {**shared, "email": email, "kind": kind, "choice": choice}
            for email in emails
            for kind, choice in choices.items()
        ]
        self._enter(rows, source)

    @api.model_create_multi
    def create(self, vals_list):
        """Enter choices that recipients made elsewhere, typed or from a file."""
        self.check_access("create")
        source = "import" if self.env.context.get("import_file") else "user"
        rows = [self._read_entry(vals) for vals in vals_list]
        self._enter(rows, source)
        # `_enter` has written all of them in one statement.
        left = super().create([])
        return left.browse(self._find_entered(rows))

    def write(self, vals):
        """Refuse it to users: forms are only for new choices."""
        if not self.env.su:
            raise AccessError(
                self.env._("A choice is never changed. Enter the new one instead.")
            )
        return super().write(vals)

    @api.model
    def _read_entry(self, vals):
        """Return the row of what a user has typed.

        :raise ValidationError: if there is no address, or no word on where it is from
        """
        email = read_address(self.env, vals.get("email") or "")
        if not (vals.get("source_text") or "").strip():
            raise ValidationError(
                self.env._(
                    "Say where the choice of %s comes from, for example “paper form of "
                    "the trade fair, May 2026”: it is the proof.",
                    email,
                )
            )
        names = ("kind", "choice", "source_text")
        return {
            "company_id": self._read_company(vals.get("company_id")).id,
            "email": email,
            **{name: vals.get(name) for name in names},
        }

    @api.model
    def _read_company(self, company_id):
        """Return the company of an entry, by default that of the user.

        :raise AccessError: if it is not one of the user's
        """
        company = self.env["res.company"].browse(company_id or self.env.company.id)
        if company not in self.env.companies:
            raise AccessError(
                self.env._("You can only enter choices for your own companies.")
            )
        return company

    @api.model
    def _find_entered(self, rows):
        """Return the ids of the choices in force after rows were entered: where a file
        does not override the refusal of a deleted company, that one."""
        current = self.search(
            [("ended_date", "=", False), ("email", "in", [r["email"] for r in rows])]
        )
        ids = {(c.company_id.id, c.email, c.kind): c.id for c in current}
        return [
            ids.get((row["company_id"], row["email"], row["kind"]))
            or ids[False, row["email"], row["kind"]]
            for row in rows
        ]

    @api.model
    def _enter(self, rows, source):
        """Store the choices that are not known yet.

        :param rows: dicts of ``COLUMNS``
        """
        rows = [{**row, "email": normalize(row["email"])} for row in rows]
        store = self.sudo()
        store._check_named(rows, source)
        store.env.flush_all()
        store.env["mailjet.consent.key"]._recall({row["email"] for row in rows})
        changed = store._store(rows, source)
        store.invalidate_model()
        if changed:
            store._after_choice(changed)

    @api.model
    def _check_named(self, rows, source):
        """Check that it is a person who enters permissions that recipients have given
        elsewhere.

        :raise ValidationError: if it is not
        """
        is_program = self.env["mailjet.consent.lift"]._is_by_program()
        if source == "recipient" or not is_program:
            return
        if any(row["choice"] == "granted" for row in rows):
            raise ValidationError(
                self.env._(
                    "Only a user can enter permission to measure, with a name that "
                    "stands for it. Log in as that user."
                )
            )

    @api.model
    def _store(self, rows, source):
        """Store choices and end those that they replace; return what is new."""
        now, given = fields.Datetime.now(), self._select_given(rows, source)
        self.env.cr.execute(
            SQL(
                """
                UPDATE mailjet_measuring m SET ended_date = %s, write_date = %s
                  FROM (%s) f
                 WHERE m.company_id = f.company_id AND m.email = f.email
                   AND m.kind = f.kind AND m.ended_date IS NULL AND (%s)
                """,
                now,
                now,
                given,
                REPLACED,
            )
        )
        return self.env.execute_query_dict(
            SQL(
                """
                INSERT INTO mailjet_measuring (
                       %(columns)s, source, date, user_id,
                       create_uid, create_date, write_uid, write_date)
                SELECT %(columns)s, source, %(now)s, %(entered_by)s,
                       %(user)s, %(now)s, %(user)s, %(now)s
                  FROM (%(given)s) f WHERE %(overrides_nothing)s
                    ON CONFLICT DO NOTHING
             RETURNING company_id, email, kind, choice
                """,
                columns=_join_columns(),
                overrides_nothing=OVERRIDES_NOTHING,
                now=now,
                entered_by=None if source == "recipient" else self.env.uid,
                user=self.env.uid,
                given=given,
            )
        )

    @api.model
    def _select_given(self, rows, source):
        """Return rows as a query: of several about the same, the last one."""
        return SQL(
            """
            SELECT DISTINCT ON (company_id, email, kind)
                   %(columns)s, %(source)s AS source
              FROM ROWS FROM (%(values)s) WITH ORDINALITY AS f (%(columns)s, position)
          ORDER BY company_id, email, kind, position DESC
            """,
            columns=_join_columns(),
            source=source,
            values=SQL(", ").join(
                SQL(f"unnest(%s::{kind}[])", [row.get(name) or None for row in rows])
                for name, kind in COLUMNS.items()
            ),
        )

    @api.model
    def _after_choice(self, choices):
        """Hook for rooms that react to new choices.

        :param choices: dicts of ``company_id``, ``email``, ``kind`` and ``choice``
        """


def _join_columns():
    return SQL(", ").join(map(SQL.identifier, COLUMNS))
