import { registry } from "@web/core/registry";
import { calendarView } from "@web/views/calendar/calendar_view";

/** Odoo's calendar, which has a class of ours by its name. */
registry.category("views").add("massmailing_calendar", calendarView);
