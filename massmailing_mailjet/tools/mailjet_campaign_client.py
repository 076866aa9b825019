"""The calls that read templates for a campaign, make it and send it."""

from ..exceptions import MailjetNotFoundError
from .mailjet_dates import format_date

# Mailjet's word for the kind of job that sends a campaign.
SEND_JOB = "Send newsletter"


class CampaignCalls:
    """A part of :class:`~.mailjet_client.MailjetClient`, by its methods alone."""

    # === TEMPLATES === #

    def get_marketing_templates(self):
        """Return the rows of the templates made for campaigns: ``Name``, ``Author``,
        ``EditMode``, ``OwnerType``, ``Locale``, ``Purposes``, ``LastUpdatedAt``.

        https://dev.mailjet.com/email/reference/templates/
        """
        return self._get_all("template", Purposes="marketing")

    def get_template_content(self, template_id):
        """Return the parts of a template: ``Html-part``, ``Text-part``,
        ``MJMLContent`` and ``Headers``, each None where there is none."""
        return self._first(
            self._call(self._v3.template_detailcontent.get, id=template_id)
        )

    # === DRAFTS === #

    def find_drafts(self, list_id):
        """Return the campaign drafts made for a list, oldest first."""
        rows = self._get_all("campaigndraft", ContactsList=list_id)
        return sorted(
            (row for row in rows if str(row.get("ContactsListID")) == str(list_id)),
            key=lambda row: row["ID"],
        )

    def create_draft(self, values):
        """Create a campaign draft and return its id.

        https://dev.mailjet.com/email/reference/campaigns/drafts/
        """
        return str(self._create("campaigndraft", values)["ID"])

    def get_draft(self, draft_id):
        """Return the draft's row: ``Status`` (0 draft, 1 programmed, 2 sent) and
        ``DeliveredAt``."""
        return self._first(self._call(self._v3.campaigndraft.get, id=draft_id))

    def set_content(self, draft_id, html, text):
        """Give the draft its content; what was there before is replaced."""
        self._create(
            "campaigndraft_detailcontent",
            {"Html-part": html, "Text-part": text},
            id=draft_id,
        )

    def get_content(self, draft_id):
        """Return the draft's content as ``(html, text)``."""
        row = self._first(
            self._call(self._v3.campaigndraft_detailcontent.get, id=draft_id)
        )
        return row.get("Html-part") or "", row.get("Text-part") or ""

    def send_draft(self, draft_id):
        """Send the campaign at once. Never repeat it without having asked
        :meth:`get_draft` first."""
        self._first(self._call(self._v3.campaigndraft_send.create, id=draft_id))

    def schedule_draft(self, draft_id, date):
        """Send the campaign at a date. Never repeat it without having asked
        :meth:`get_draft` first.

        https://dev.mailjet.com/email/reference/campaigns/drafts/

        :param datetime date: UTC, without time zone; some minutes ahead at least
        """
        self._create("campaigndraft_schedule", {"Date": format_date(date)}, id=draft_id)

    def unschedule_draft(self, draft_id):
        """Take a scheduled campaign back to being a draft; too late once Mailjet has
        begun to send it. :meth:`get_draft` tells whether it worked."""
        self._delete(self._v3.campaigndraft_schedule, id=draft_id)

    def get_send_jobs(self, draft_id):
        """Return the jobs that send a campaign draft, oldest first: ``Status``.

        https://dev.mailjet.com/email/reference/batchjobs/
        """
        rows = self._get_all("batchjob", JobType=SEND_JOB, RefID=draft_id)
        # Mailjet ignores filters that it does not know: never trust one blindly.
        return sorted(
            (
                row
                for row in rows
                if row.get("JobType") == SEND_JOB
                and str(row.get("RefId")) == str(draft_id)
            ),
            key=lambda row: row["ID"],
        )

    def find_campaign(self, draft_id):
        """Return the row of the campaign that a draft became, or None before its
        sending: ``ID``, and ``OpenTracked`` and ``ClickTracked``, 0 or 1, which say how
        it was sent.

        https://dev.mailjet.com/email/reference/campaigns/
        """
        try:
            return self._first(
                self._call(self._v3.campaign.get, id=f"mj.nl={draft_id}")
            )
        except MailjetNotFoundError:
            return None
