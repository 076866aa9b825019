import pytz

from odoo import fields, models
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ...tools.portion_dates import group_zones, to_utc
from ..mailjet_mailing_campaigns import Part
from ..sentence import say
from .mailjet_mailing_partition import MAX_CAMPAIGNS
from .zone_conditions import get_conditions

_lt = LazyTranslate(__name__)


class MailjetMailing(models.Model):
    """Divides the recipients of a mailing between dates: by portions, and by their own
    time zones if an hour is meant there. Zones in which all portions are sent at the
    same time are one."""

    _inherit = "mailjet.mailing"

    in_recipient_zone = fields.Boolean(
        string="At the recipient's local time",
        help="The time of a scheduled mailing, and that of portions, is meant in the "
        "time zone of each recipient: that of the contact or of its country. Where "
        "the time has passed already, it is sent at once.",
    )

    # === DIVISIONS === #

    def _get_divisions(self, people=None):
        return [*super()._get_divisions(people), *self._get_date_divisions()]

    def _get_date_divisions(self):
        """Return the divisions by dates: their parts have a ``local_date`` or a
        ``zone``, of which :meth:`_get_part` makes a date."""
        if self.send_mode != "portions" and not (
            self.in_recipient_zone and self.schedule_date
        ):
            return []
        portions = self._get_portions()
        divisions = [self._get_portion_parts(portions)]
        if self.in_recipient_zone and len(portions) <= MAX_CAMPAIGNS:
            divisions.append(self._get_zone_parts([moment for moment, _n in portions]))
        return divisions

    def _get_portion_parts(self, portions):
        parts, last = [], 0
        for number, (moment, size) in enumerate(portions, 1):
            last += size
            name = say(
                self.env,
                _lt("Portion %(number)s of %(count)s"),
                number=number,
                count=len(portions),
            )
            parts.append(
                Part(
                    name if len(portions) > 1 else "",
                    {"local_date": moment},
                    SQL("spot.position <= %s", last),
                    number < len(portions),
                )
            )
        return parts

    def _get_zone_parts(self, moments):
        """Return a part for each group of time zones; the mailing's own comes first,
        since most recipients are in it."""
        own = self._get_zone()
        others = (zone for zone in pytz.all_timezones if zone != own)
        groups = group_zones(moments, (own, *others))
        conditions = get_conditions(groups, self._get_zones_of_countries())
        return [
            Part(_name_zone(moments[0], group[0]), {"zone": group[0]}, condition)
            for group, condition in zip(groups, conditions, strict=True)
        ]

    def _get_zones_of_countries(self):
        """Return the time zones of each country, by its id; 0 is none."""
        countries = self.env["res.country"].sudo().search_fetch([], ["code"])
        return {
            0: [],
            **{
                country.id: pytz.country_timezones.get(country.code or "", [])
                for country in countries
            },
        }

    # === DATES OF CAMPAIGNS === #

    def _get_part(self, divisions, number):
        part = super()._get_part(divisions, number)
        if "local_date" not in part.values:
            return part
        values = dict(part.values)
        moment, zone = values.pop("local_date"), values.pop("zone", self._get_zone())
        date = to_utc(moment, zone)
        is_past = date <= fields.Datetime.now()
        values["schedule_date"] = False if is_past else date
        return part._replace(values=values)

    def _get_first_date(self):
        """Return the earliest date at which any recipient may get a mailing that is
        scheduled."""
        if not self._get_date_divisions():
            return self.schedule_date
        zones = pytz.all_timezones if self.in_recipient_zone else [self._get_zone()]
        moment = self._get_first_moment()
        return min(to_utc(moment, zone) for zone in zones)


def _name_zone(moment, zone):
    """Return how people write a time zone at a local date."""
    offset = moment - to_utc(moment, zone)
    minutes = round(offset.total_seconds() / 60)
    sign = "-" if minutes < 0 else "+"
    return f"UTC{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
