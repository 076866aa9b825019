"""Records that updates leave alone, since users may have renamed them: those that still
have the name of 19.0.1.0.0 get today's. Their French is then loaded anew."""

from odoo.tools import SQL

FRENCH = ["fr_FR", "fr_BE", "fr_CA", "fr_CH"]

# By table: the external model, and each old name with the new one.
NAMES = {
    "ir_act_server": (
        "ir.actions.server",
        {
            "Mass Mailing: apply what Mailjet reports": (
                "Mass Mailing: apply Mailjet events"
            ),
            "Mass Mailing: fetch what Mailjet knows": (
                "Mass Mailing: fetch tracking data from Mailjet"
            ),
            "Mass Mailing: clean up lists at Mailjet": (
                "Mass Mailing: delete old lists at Mailjet"
            ),
            "Mass Mailing: tell the responsible what came of it": (
                "Mass Mailing: send summaries"
            ),
        },
    ),
    "mail_activity_type": (
        "mail.activity.type",
        {"Mass mailing to look at": "Mailing needs attention"},
    ),
    "mailjet_variable": (
        "mailjet.variable",
        {
            name: name.replace("E-mail", "Email").replace("e-mail", "email")
            for name in (
                "Contact's e-mail address",
                "Account's e-mail address",
                "Lead's e-mail address",
                "E-mail address of the contact's salesperson",
                "E-mail address of the account's salesperson",
                "E-mail address of the lead's salesperson",
            )
        },
    ),
}


def migrate(cr, version):
    for table, (model, names) in NAMES.items():
        _rename(cr, table, model, names)
    cr.execute(
        SQL(
            """
            UPDATE ir_cron c SET cron_name = a.name->>'en_US'
              FROM ir_act_server a
             WHERE c.ir_actions_server_id = a.id AND c.cron_name = ANY(%s)
            """,
            list(NAMES["ir_act_server"][1]),
        )
    )


def _rename(cr, table, model, names):
    cr.execute(
        SQL(
            """
            UPDATE %s t
               SET name = jsonb_set(t.name - %s, '{en_US}', to_jsonb(w.new))
              FROM ir_model_data d, unnest(%s::text[], %s::text[]) AS w (old, new)
             WHERE d.module = 'massmailing_mailjet' AND d.model = %s
               AND d.res_id = t.id AND t.name->>'en_US' = w.old
            """,
            SQL.identifier(table),
            FRENCH,
            list(names),
            list(names.values()),
            model,
        )
    )
