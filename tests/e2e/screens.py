"""Every screen and state of ours, and what opens it: what the tests of all screens and
`./dev pictures --screens` go through."""

from collections.abc import Callable
from dataclasses import dataclass

import scene_states
from openers import (
    PEOPLE,
    action,
    button,
    dialog,
    history,
    mailing,
    of_contact,
    open_canvas,
    open_consent_record,
    open_health_asking,
    open_retention_archive,
    open_version,
    outside,
    window,
)
from stage import ADDON, DIALOG, MAILING, Stage

TEMPLATES = ".o_mailjet_template_chooser"


@dataclass
class Screen:
    """A screen: its name, what opens it on a stage, and as whom it is looked at."""

    name: str
    open: Callable[[Stage], None]
    login: str = "demo"


STATES = ("scheduled", "failed", "canceled", "sent", *scene_states.STATES)
MAILINGS = [
    *(
        Screen(view, action("mailjet_mailing_action", viewType=view))
        for view in ("list", "kanban", "calendar", "activity")
    ),
    Screen("new", window(MAILING)),
    Screen("details", mailing("autumn", "details")),
    Screen("details_salespersons", mailing("salespersons", "details")),
    Screen(
        "way_visual_new", mailing("blank", "content", shown=".o_mail_theme_selector")
    ),
    Screen("way_visual", open_canvas("visual")),
    Screen("languages", mailing("languages", "content", shown=".o_mailjet_versions")),
    Screen(
        "languages_add",
        mailing(
            "autumn",
            "content",
            ".o_mailjet_add_language",
            shown=".o-dropdown--menu",
        ),
    ),
    Screen("divided", mailing("divided", "sending", shown=".o_mailjet_campaigns")),
    Screen("version", open_version),
    Screen("way_template", mailing("template", "content")),
    Screen("way_html_new", mailing("html", "content", shown=".ace_editor")),
    Screen("way_html", mailing("autumn", "content", shown=".ace_editor")),
    Screen(
        "variables_picker",
        mailing("autumn", "details", ".o_mailjet_variable_button", shown=".o_popover"),
    ),
    Screen("recipients_new", mailing("blank", "recipients", shown=".o_mailjet_add")),
    Screen(
        "recipients_add",
        mailing("blank", "recipients", ".o_mailjet_add", shown=".o-dropdown--menu"),
    ),
    Screen(
        "recipients_add_target",
        mailing("to_target", "recipients", ".o_mailjet_add", shown=".o-dropdown--menu"),
    ),
    Screen("recipients", mailing("autumn", "recipients", shown=".o_mailjet_counts")),
    Screen(
        "recipients_exclude",
        mailing(
            "autumn", "recipients", ".o_mailjet_exclude", shown=".o-dropdown--menu"
        ),
    ),
    Screen("send", mailing("autumn", "sending", shown=".o_mailjet_checks_passed")),
    Screen("send_new", mailing("blank", "sending", shown=".o_mailjet_checks_passed")),
    Screen(
        "send_salespersons",
        mailing(
            "salespersons",
            "sending",
            ".o_mailjet_senders button",
            shown=".o_mailjet_senders table",
        ),
    ),
    *(Screen(f"state_{name}", mailing(name, "sending")) for name in STATES),
    Screen("asking", open_canvas("asking")),
    Screen(
        "asking_recipients", mailing("asking", "recipients", shown=".o_mailjet_counts")
    ),
    Screen("asking_send", mailing("asking", "sending")),
    Screen("staying", open_canvas("staying"), "admin"),
    Screen("sent_recipients", mailing("sent", "recipients", shown=".o_mailjet_counts")),
]
DIALOGS = [
    Screen("preview", button("action_preview", shown=".o_mailjet_preview")),
    Screen(
        "preview_languages",
        button("action_preview", record="languages", shown=".o_mailjet_preview"),
    ),
    Screen("dialog_test", button("action_test")),
    Screen("dialog_test_languages", button("action_test", record="languages")),
    Screen("dialog_send", button("action_open_send", record="ready")),
    Screen("dialog_schedule", button("action_open_schedule", record="ready")),
    Screen("dialog_conditions", button("action_add_recipients", "domain")),
    Screen("dialog_addresses", button("action_add_recipients", "addresses")),
    Screen(
        "dialog_refresh",
        button("action_open_refresh", record="load", model="mailjet.recipient.load"),
    ),
    Screen(
        "dialog_undo",
        mailing(
            "autumn",
            "recipients",
            "[name=load_ids] button[name=action_unload]",
            shown=DIALOG,
        ),
    ),
    Screen(
        "dialog_templates",
        mailing("template", "content", ".o_mailjet_no_page button", shown=TEMPLATES),
    ),
    Screen(
        "dialog_template",
        mailing(
            "template",
            "content",
            ".o_mailjet_no_page button",
            "[role=tab] >> nth=1",
            ".o_mailjet_template_card",
            shown=f"{TEMPLATES} h4",
        ),
    ),
    Screen("dialog_target", dialog("New target", "mailjet.target")),
    Screen("dialog_add", of_contact("mailjet_mailing_add_partner_action")),
    Screen("dialog_erase", of_contact("mailjet_personal_data_action"), "admin"),
    Screen(
        "dialog_consent_record",
        of_contact("mailjet_consent_record_open_action"),
        "admin",
    ),
    Screen(
        "dialog_connect",
        dialog(
            "Connect to Mailjet",
            "mailjet.account",
            form_view_ref=f"{ADDON}.mailjet_account_view_form_connect",
        ),
        "admin",
    ),
    Screen(
        "dialog_webhook",
        dialog(
            "Another system receives Mailjet's events",
            "mailjet.webhook.replace",
            default_account_id="account",
        ),
        "admin",
    ),
]
RECORDS = [
    Screen("targets", action("mailjet_target_action")),
    Screen("target", window("mailjet.target", record="target")),
    Screen(
        "recipients_planned",
        button("action_view_recipients", shown=".o_list_view, .o_kanban_view"),
    ),
    Screen("recipient", window("mailjet.recipient", record="recipient")),
    Screen("contact", window("res.partner", record="ada")),
    Screen("contact_preferences", window("res.partner", record="greta")),
    Screen("contact_history", history("ada", "res.partner")),
    Screen("lead", window("crm.lead", record="hall")),
    Screen("lead_history", history("hall", "crm.lead")),
    Screen(
        "data_protection", action("mailjet_privacy_action", shown=".o_mailjet_privacy")
    ),
    Screen(
        "data_protection_manager",
        action("mailjet_privacy_action", shown=".o_mailjet_record_search"),
        "admin",
    ),
    Screen("consent_record", open_consent_record, "admin"),
    Screen(
        "statistics",
        button(
            "action_view_statistics", record="sent", shown=".o_mailjet_timeline canvas"
        ),
    ),
    Screen(
        "statistics_people",
        button("action_view_people", record="sent", shown=PEOPLE),
    ),
    *(
        Screen(f"{name}_{view}", action(report, viewType=view))
        for name, report in (
            ("mailing_analysis", "mailjet_mailing_action_report"),
            ("recipient_analysis", "mailjet_recipient_report_action"),
        )
        for view in ("pivot", "graph", "list")
    ),
]
SETUP = [
    Screen(
        "health", action("mailjet_health_action", shown=".o_mailjet_health"), "admin"
    ),
    Screen("health_asking", open_health_asking, "admin"),
    Screen(
        "settings",
        action("res_config_settings_action", shown=".o_form_view"),
        "admin",
    ),
    *(
        Screen(name, action(f"mailjet_{model}_action"), "admin")
        for name, model in (
            ("accounts", "account"),
            ("senders", "sender"),
            ("templates", "template"),
            ("variables", "variable"),
            ("opt_outs", "consent"),
            ("sign_ups", "signup"),
            ("topics", "topic"),
            ("measuring_choices", "measuring"),
            ("measuring_texts", "measuring_text"),
            ("prospects", "retention"),
            ("events", "event"),
            ("exclusion_mismatches", "suppression_report"),
        )
    ),
    Screen("prospects_archive", open_retention_archive, "admin"),
    Screen("account", window("mailjet.account", record="account"), "admin"),
    Screen("opt_out", window("mailjet.consent", record="opt_out"), "admin"),
    Screen("opt_out_new", window("mailjet.consent"), "admin"),
    Screen("opt_out_topic", window("mailjet.consent", record="opt_out_topic"), "admin"),
    Screen("topic", window("mailjet.topic", record="topic"), "admin"),
    Screen(
        "measuring_choice",
        window("mailjet.measuring", record="measuring_choice"),
        "admin",
    ),
    Screen("measuring_choice_new", window("mailjet.measuring"), "admin"),
    Screen(
        "measuring_text",
        window("mailjet.measuring.text", record="measuring_text"),
        "admin",
    ),
    Screen("variable", window("mailjet.variable", record="variable"), "admin"),
]
SCREENS = [*MAILINGS, *DIALOGS, *RECORDS, *SETUP]
# What others see: the pages that a test links to, and the sandbox.
PUBLIC = [
    Screen(f"public_{name}", outside(name))
    for name in ("unsubscribe", "preferences", "gone", "outbox", "message")
]
