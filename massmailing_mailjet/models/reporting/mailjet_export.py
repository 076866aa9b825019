from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ...tools.spreadsheet import to_csv, write_xlsx

# The columns of the recipients. Times are in the user's time zone.
DATES = (
    "delivered_date",
    "opened_date",
    "last_opened_date",
    "clicked_date",
    "last_clicked_date",
    "bounced_date",
    "blocked_date",
    "complained_date",
    "unsubscribed_date",
)
CODES = ("kind", "status", "bounce_type")
# Columns whose text comes from another field.
TEXTS = {"bounce_reason": "bounce_reason_text"}
COLUMNS = (
    "name",
    "email",
    "kind",
    "status",
    *DATES,
    "open_count",
    "machine_open_count",
    "click_count",
    "bounce_type",
    "bounce_reason",
    "failure_reason",
)

# Rows read at once, and the maximum of rows in an Excel file: more would take minutes,
# and the CSV has them all.
CHUNK = 5_000
XLSX_ROWS = 50_000


class MailjetExport(models.AbstractModel):
    """Exports the report of a mailing as a file: its figures, its links and its
    recipients.

    Recipients are read in chunks along an index: a million of them take no more memory
    than a few thousand.
    """

    _name = "mailjet.export"
    _description = "Mass mailing export"

    @api.model
    def _check_allowed(self, mailing):
        """Raise if the user may not export this mailing's recipients.

        :raise AccessError: saying so
        :raise UserError: if the mailing was not sent
        """
        if not self.env.user.has_group("base.group_allow_export"):
            raise AccessError(
                self.env._(
                    "You are not allowed to export. An administrator can grant this "
                    "right in the user settings."
                )
            )
        mailing.check_access("read")
        mailing._check_sent()

    # === FILES === #

    @api.model
    def _iterate_csv(self, mailing):
        """Yield the bytes of the CSV of a mailing's recipients."""
        return to_csv(self._iterate_people(mailing))

    @api.model
    def _write_xlsx(self, mailing, output):
        """Write the report of a mailing to a file that is open for writing bytes."""
        sheets = {
            self.env._("Figures"): [self._get_kpis(mailing)],
            self.env._("Links"): [self._get_links(mailing)],
            self.env._("Recipients"): self._iterate_people(mailing, XLSX_ROWS),
        }
        write_xlsx(output, sheets)

    # === TABLES === #

    @api.model
    def _cell(self, share):
        """Return the text of a cell with a share: empty if there is none."""
        return None if share is False else share

    @api.model
    def _get_kpis(self, mailing):
        """Return the rows of the sheet of figures."""
        comparison = mailing._get_comparison()
        figures = [
            (figure["label"], figure["value"], self._cell(figure["ratio"]))
            for figure in mailing._get_kpis()
        ]
        rates = [
            (rate["label"], float(rate["value"]), self._cell(rate["average"]))
            for rate in comparison["rates"]
        ]
        sent = fields.Datetime.context_timestamp(mailing, mailing.sent_date)
        revenue = mailing.company_currency_id.format(mailing.attributed_revenue)
        average = mailing._get_average_title(comparison)
        return [
            (mailing.name or "", mailing.subject or ""),
            (self.env._("Sent on"), sent.replace(tzinfo=None)),
            (),
            (self.env._("Figure"), self.env._("Recipients"), self.env._("Share")),
            *figures,
            (),
            (self.env._("Rate"), self.env._("This mailing"), average),
            *rates,
            (),
            (self.env._("Leads"), mailing.attributed_lead_count),
            (self.env._("Expected revenue"), revenue),
        ]

    @api.model
    def _get_links(self, mailing):
        """Return the rows of the sheet of links."""
        rows = [
            (link["url"], link["click_count"], link["recipient_count"])
            for link in mailing._get_clicked_links(limit=None)
        ]
        header = (self.env._("Link"), self.env._("Clicks"), self.env._("Recipients"))
        return [header, *rows]

    @api.model
    def _iterate_people(self, mailing, limit=None):
        """Yield everyone the mailing was sent to, in lists of rows; the header first.

        :param int limit: the maximum number of rows; a last row then says that there
            are more
        """
        Recipient = self.env["mailjet.recipient"]
        info = Recipient.fields_get([*COLUMNS, *TEXTS.values()])
        yield [[info[TEXTS.get(name, name)]["string"] for name in COLUMNS]]
        labels = {COLUMNS.index(name): dict(info[name]["selection"]) for name in CODES}
        reasons, reason = (
            Recipient._get_bounce_reasons(),
            COLUMNS.index("bounce_reason"),
        )
        last, count = 0, 0
        while rows := self._read_people(mailing, last):
            if limit and count + len(rows) > limit:
                return (yield [self._get_rest(limit)])
            last, count = rows[-1][0], count + len(rows)
            people = [self._get_cells(row, labels) for row in rows]
            for cells in people:
                cells[reason] = reasons.get(cells[reason], cells[reason])
            yield people

    @api.model
    def _get_rest(self, limit):
        return [
            self.env._(
                "An Excel file holds at most %s recipients. The CSV file contains "
                "all of them.",
                limit,
            )
        ]

    @api.model
    def _get_cells(self, row, labels):
        """Return the cells of one row, whose first value is its id."""
        cells = list(row[1:])
        for column, names in labels.items():
            cells[column] = names.get(cells[column], "")
        return cells

    @api.model
    def _read_people(self, mailing, last):
        """Return the rows after the row with this id: the id and the columns."""
        return self.env.execute_query(
            SQL(
                """
                SELECT id, %s FROM mailjet_recipient
                 WHERE mailing_id = %s AND id > %s AND status <> 'pending'
              ORDER BY id LIMIT %s
                """,
                SQL(", ").join(self._get_column(name) for name in COLUMNS),
                mailing.id,
                last,
                CHUNK,
            )
        )

    @api.model
    def _get_column(self, name):
        column = SQL.identifier(name)
        if name not in DATES:
            return column
        return SQL(
            "date_trunc('second', %s AT TIME ZONE 'UTC' AT TIME ZONE %s)",
            column,
            self.env.user.tz or "UTC",
        )
