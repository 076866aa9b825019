"""The roles of the add-on, and which of its public methods each of them may call."""

from odoo.tests import new_test_user

OUR_MODULES = "odoo.addons.massmailing_mailjet."

# Groups of each role; those of the other company see nothing of this one.
ROLES = {
    "visitor": None,
    "portal": "base.group_portal",
    "employee": "base.group_user",
    "salesperson": "sales_team.group_sale_salesman",
    "settings": "base.group_system",
    "mailer": "massmailing_mailjet.mailjet_group_user",
    "mail_manager": "massmailing_mailjet.mailjet_group_manager",
    "administrator": "massmailing_mailjet.mailjet_group_manager,base.group_system",
    "elsewhere": "massmailing_mailjet.mailjet_group_manager",
}
MAILERS = {"mailer", "mail_manager", "administrator"}
MANAGERS = {"mail_manager", "administrator"}
# What says nothing about anybody's data: anyone who may read the model.
OF_ANY_COMPANY = MAILERS | {"elsewhere"}

# Who may call each public method of our models: anyone who can log in can call it over
# RPC, whatever the screens show. A method without an entry fails the test.
METHODS = {
    # A lead and a contact that belong to no company.
    "crm.lead": {"action_view_massmailings": OF_ANY_COMPANY},
    "mailjet.campaign": dict.fromkeys(
        ("action_cancel", "action_hold", "action_move", "action_release"), MAILERS
    ),
    "mailjet.account": {
        "action_ask": MAILERS,
        "action_check_health": MANAGERS,
        "action_confirm_database": {"administrator"},
        "action_confirm_tracking": MANAGERS,
        "action_connect": MANAGERS,
        "action_register_webhooks": MANAGERS,
        "action_send_health_test": MANAGERS,
        "action_switch_crons_on": {"administrator"},
        "action_synchronize": MANAGERS,
        "action_test_connection": MANAGERS,
        "action_unregister_webhooks": MANAGERS,
    },
    "mailjet.consent": {"action_lift": MANAGERS},
    # About an address, of which each sees what is in his own companies.
    "mailjet.consent.record.open": dict.fromkeys(
        ("action_open", "action_print"), MANAGERS | {"elsewhere"}
    ),
    "mailjet.suppression.report": {"action_exclude_on_both_sides": MANAGERS},
    "mailjet.event": {"action_apply_again": MANAGERS},
    "mailjet.gallery": dict.fromkeys(
        ("action_refresh", "action_use_template", "get_cards", "get_preview"), MAILERS
    ),
    "mailjet.health": {"get_report": MANAGERS | {"elsewhere"}},
    "mailjet.mailing": {
        "acknowledge_check": MAILERS,
        "acknowledge_checks": MAILERS,
        "action_add_letter": MAILERS,
        "action_add_recipients": MAILERS,
        "action_add_version": MAILERS,
        "action_cancel": MAILERS,
        "action_derive_text": MAILERS,
        "action_edit_text": MAILERS,
        "action_go_to_step": MAILERS,
        "action_exclude_target": MAILERS,
        "action_load_all": MAILERS,
        "action_load_addresses": MAILERS,
        "action_load_domain": MAILERS,
        "action_load_filter": MAILERS,
        "action_load_target": MAILERS,
        "action_next_step": MAILERS,
        "action_open_finding": MAILERS,
        "action_open_schedule": MAILERS,
        "action_open_send": MAILERS,
        "action_preview": MAILERS,
        "action_previous_step": MAILERS,
        "action_remove_template": MAILERS,
        "action_resend": MAILERS,
        "action_retry": MAILERS,
        "action_save_as_template": MAILERS,
        "action_schedule": MAILERS,
        "action_send": MAILERS,
        "action_send_checked": MAILERS,
        "action_send_rest": MAILERS,
        "action_send_to_remaining": MAILERS,
        "action_set_limit": MANAGERS,
        "action_test": MAILERS,
        "action_view_canary": MAILERS,
        "action_view_follow_ups": MAILERS,
        "action_view_leads": MAILERS,
        "action_view_origin": MAILERS,
        "action_view_people": MAILERS,
        "action_view_recipients": MAILERS,
        "action_view_statistics": MAILERS,
        "action_check_links": MAILERS,
        "action_choose_winner": MAILERS,
        "get_ab_test": MAILERS,
        "get_campaign_table": MAILERS,
        "get_canary": MAILERS,
        "get_checks": MAILERS,
        "get_favorite_themes": OF_ANY_COMPANY,
        "get_follow_up_counts": MAILERS,
        "get_preview": MAILERS,
        "get_progress": MAILERS,
        "get_results": MAILERS,
        "get_senders": MAILERS,
        "get_sources": MAILERS,
        "get_statistics": MAILERS,
        "get_versions": MAILERS,
        "action_open_link_recipients": MAILERS,
        "action_open_recipients": MAILERS,
        "revoke_acknowledgement": MAILERS,
    },
    "mailjet.mailing.add": {"action_add": MAILERS},
    "mailjet.mailing.schedule": {"action_schedule": MAILERS},
    "mailjet.mailing.send": {"action_send": MAILERS},
    "mailjet.mailing.test": {"action_send": MAILERS},
    "mailjet.html.import": {"host_file": MAILERS, "read_file": MAILERS},
    # About contacts, which belong to no company here.
    "mailjet.personal.data": {
        "action_erase": MANAGERS | {"elsewhere"},
        "action_export": MANAGERS | {"elsewhere"},
    },
    "mailjet.measuring": {"action_ask": OF_ANY_COMPANY},
    "mailjet.privacy": {"get_page": OF_ANY_COMPANY},
    "mailjet.recipient": {
        "action_open_record": MAILERS,
        "action_tick": MAILERS,
        "action_untick": MAILERS,
    },
    "mailjet.recipient.add": {"action_close": MAILERS, "action_load": MAILERS},
    "mailjet.recipient.load": {
        "action_open_refresh": MAILERS,
        "action_unload": MAILERS,
    },
    "mailjet.recipient.load.refresh": {"action_refresh": MAILERS},
    "mailjet.recipient.report": {"action_open_recipient": MAILERS},
    "mailjet.retention": {
        "action_ask": MANAGERS,
        "action_confirm": MANAGERS,
        "action_open_contacts": MANAGERS,
        "action_open_leads": MANAGERS,
        # Each searches the prospects of his own company.
        "action_refresh": MANAGERS | {"elsewhere"},
    },
    "mailjet.retention.archive": {"action_confirm": MANAGERS},
    "mailjet.target": {"action_view_members": MAILERS},
    "mailjet.theme": {"brand": MAILERS},
    "mailjet.variable": {"get_picker_groups": OF_ANY_COMPANY},
    "mailjet.version": dict.fromkeys(
        ("action_derive_text", "action_open", "action_preview", "action_remove"),
        MAILERS,
    ),
    "mailjet.webhook.replace": {"action_replace": MANAGERS},
    "res.partner": {"action_view_massmailings": OF_ANY_COMPANY},
}

# Arguments of the methods that ask for some; a name stands for that record's id.
ARGUMENTS = {
    ("mailjet.campaign", "action_move"): ["2099-01-01 08:00:00"],
    ("mailjet.gallery", "get_cards"): ["mailing_id", "crm"],
    ("mailjet.gallery", "get_preview"): ["mailing_id", "mailing", 0],
    ("mailjet.gallery", "action_refresh"): ["mailing_id"],
    ("mailjet.gallery", "action_use_template"): ["mailing_id", "mailing", 0],
    ("mailjet.mailing", "acknowledge_check"): ["preview", ""],
    ("mailjet.mailing", "acknowledge_checks"): [{"preview": ""}],
    ("mailjet.mailing", "action_add_version"): ["de_DE"],
    ("mailjet.mailing", "action_choose_winner"): ["a"],
    ("mailjet.mailing", "action_go_to_step"): ["details"],
    ("mailjet.mailing", "action_exclude_target"): ["target"],
    ("mailjet.mailing", "action_load_addresses"): ["ann@example.com"],
    ("mailjet.mailing", "action_load_domain"): ["[]"],
    ("mailjet.mailing", "action_load_filter"): ["filter"],
    ("mailjet.mailing", "action_load_target"): ["target"],
    ("mailjet.mailing", "action_open_finding"): ["preview"],
    ("mailjet.mailing", "action_view_canary"): ["bounced"],
    ("mailjet.mailing", "action_schedule"): ["2099-01-01 08:00:00"],
    ("mailjet.mailing", "action_open_link_recipients"): [0],
    ("mailjet.mailing", "action_open_recipients"): ["opened_count"],
    ("mailjet.mailing", "revoke_acknowledgement"): ["preview"],
    ("mailjet.html.import", "host_file"): ["mailing_id", "a.txt", "YQ=="],
    ("mailjet.html.import", "read_file"): ["mailing_id", "a.html", "PHA+"],
    ("mailjet.theme", "brand"): ["<p>Hi</p>", "company"],
    ("mailjet.variable", "get_picker_groups"): ["contact"],
}

# What a user who may call a method reads, where the records of the test are not such
# that it can do its work. Everywhere else, it does.
REFUSALS = {
    ("mailjet.gallery", "get_preview"): "no longer exists",
    ("mailjet.gallery", "action_use_template"): "no longer exists",
    ("mailjet.mailing", "acknowledge_check"): "has changed in the meantime",
    ("mailjet.mailing", "acknowledge_checks"): "has changed in the meantime",
    ("mailjet.mailing", "action_choose_winner"): "does not allow this",
    ("mailjet.mailing", "action_load_target"): "does not accept targets",
    ("mailjet.mailing", "action_resend"): "no recipients left",
    ("mailjet.mailing", "action_send_checked"): "The preview text is missing",
    ("mailjet.mailing", "action_send_rest"): "does not allow this",
    ("mailjet.mailing", "action_send_to_remaining"): "no recipients left",
    ("mailjet.retention", "action_confirm"): "can be archived yet",
}

# What a mailing must be for a method to do its work; names stand for records here too.
SENT = {"state": "done", "sent_date": "2024-01-01 08:00:00"}
STATES = {
    "action_resend": SENT,
    "action_send_to_remaining": SENT,
    "action_view_statistics": SENT,
    "get_results": SENT,
    "get_statistics": SENT,
}
# What its campaign must be.
CAMPAIGNS = {
    "action_cancel": {"state": "in_queue"},
    "action_retry": {"state": "failed"},
}
# What one of several campaigns must be.
PARTS = {
    "action_release": {"is_on_hold": True},
}

# The fields that users write, of each model that some may write; everything else is
# written by the add-on's own code alone. What only administrators write comes apart.
WRITABLE = {
    "mailjet.account": """
        name sequence active company_id monthly_limit push_exclusions measures
        unmeasured_account_id
        """,
    "mailjet.mailing": """
        name active subject preview topic_id recipient_type user_id company_id
        campaign_id
        account_id sender_id sender_email sender_name reply_to from_salesperson
        online_version_text unsubscribe_text preferences_text composition
        template_name body_arch
        body_html body_code body_text step favorite frequency_cap_days lang version_ids
        send_mode portion_rule portion_size portion_working_days portion_hour
        in_recipient_zone
        ab_share ab_criterion ab_hours canary_share canary_hours has_company_details
        """,
    "mailjet.version": """
        mailing_id lang letter sender_name subject preview online_version_text
        unsubscribe_text preferences_text
        composition body_arch body_html body_code body_text
        """,
    "mailjet.recipient": "selected",
    "mailjet.recipient.load": "legal_basis",
    "mailjet.topic": "name description sequence active company_id",
    "mailjet.target": """
        name active description user_id company_id contact_domain account_domain
        lead_domain contact_ids account_ids lead_ids legal_basis
        """,
    "mailjet.measuring.text": "body company_id",
    "mailjet.variable": """
        name sequence active kind code field_path lead_field_path part fallback
        """,
}
SECRET = {"mailjet.account": "api_key api_secret api_url"}


def make_roles(env):
    """Return a user of each role, by its name."""
    company = env["res.company"].create({"name": "Elsewhere, as a role"})
    users = {"visitor": env.ref("base.public_user")}
    for role, groups in ROLES.items():
        if groups and role not in ("mailer", "mail_manager"):
            values = {}
            if role == "elsewhere":
                values = {"company_id": company.id, "company_ids": [company.id]}
            users[role] = new_test_user(env, f"role_{role}", groups, **values)
    return users


def find_public_methods(registry):
    """Return ``{model: names}`` of what our add-on offers over RPC: the public methods
    that Odoo's own classes do not have, those of an abstract model where they are
    inherited."""
    found = {}
    for name, model in registry.items():
        ours, theirs = set(), set()
        for base in model.__mro__[1:]:
            is_ours = base.__module__.startswith(OUR_MODULES)
            (ours if is_ours else theirs).update(
                method
                for method, value in vars(base).items()
                if callable(value) and not method.startswith("_")
            )
        if ours - theirs and not (model._abstract and model._inherit_children):
            found[name] = ours - theirs
    return found
