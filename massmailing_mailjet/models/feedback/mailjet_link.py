from odoo import api, fields, models


class MailjetLink(models.Model):
    """A URL that was clicked in a mailing, and how often."""

    _name = "mailjet.link"
    _description = "Mass mailing link"
    _order = "recipient_count desc, id"
    _rec_name = "url"
    _log_access = False

    mailing_id = fields.Many2one(
        "mailjet.mailing", required=True, ondelete="cascade", readonly=True
    )
    url = fields.Char(string="Link", required=True, readonly=True)
    click_count = fields.Integer(string="Clicks", readonly=True, aggregator="sum")
    recipient_count = fields.Integer(
        string="Recipients",
        readonly=True,
        help="Recipients who clicked it, each counted once.",
    )
    click_ids = fields.One2many("mailjet.click", "link_id", readonly=True)

    # URLs may be longer than an index entry.
    _mailing_url_uniq = models.UniqueIndex("(mailing_id, md5(url))")


class MailjetClick(models.Model):
    """A recipient's clicks on a link."""

    _name = "mailjet.click"
    _description = "Mass mailing click"
    _order = "clicked_date, id"
    _log_access = False

    recipient_id = fields.Many2one(
        "mailjet.recipient", required=True, ondelete="cascade", readonly=True
    )
    link_id = fields.Many2one(
        "mailjet.link", required=True, ondelete="cascade", readonly=True, index=True
    )
    mailing_id = fields.Many2one(
        "mailjet.mailing", required=True, ondelete="cascade", readonly=True, index=True
    )
    clicked_date = fields.Datetime(string="First clicked on", readonly=True)
    click_count = fields.Integer(string="Clicks", readonly=True, aggregator="sum")

    _recipient_link_uniq = models.UniqueIndex("(recipient_id, link_id)")

    @api.depends("recipient_id", "link_id")
    def _compute_display_name(self):
        for click in self:
            click.display_name = click.link_id.url
