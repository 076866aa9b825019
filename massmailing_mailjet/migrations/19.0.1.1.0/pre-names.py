"""Fields, values, models and external ids that were named anew: what is stored under
the old names is kept under the new ones."""

from odoo.tools import SQL
from odoo.tools.sql import column_exists

# By table, or by the model's name: old names of fields and the new ones.
FIELDS = {
    "mailjet_mailing": {
        "departure_date": "send_requested_date",
        "departure_count": "send_attempts",
        "programmed_date": "mailjet_schedule_date",
        "new_date": "reschedule_date",
        "is_late": "needs_confirmation",
        "is_waiting_here": "schedule_locally",
        "sending_number": "attempt",
        "pressure_days": "frequency_cap_days",
        "left_out_count": "excluded_target_count",
        "answered_count": "engaged_count",
        "pulled_date": "synchronized_date",
        "pull_asked_date": "sync_requested_date",
        "pull_phase": "sync_phase",
        "pull_offset": "sync_offset",
    },
    "mailjet_account": {
        "probe_email": "health_test_email",
        "probe_date": "health_test_date",
        "probe_id": "health_test_id",
        "pull_asked_date": "sync_requested_date",
    },
    "res_company": {"mailjet_pressure_days": "mailjet_frequency_cap_days"},
}

# Columns with the old and the new values of their selections.
VALUES = [
    ("mailjet_mailing", "delivery_step", "departure", "send"),
    ("mailjet_mailing", "delivery_step", "hold", "scheduled"),
    ("mailjet_mailing", "follow_up_kind", "rest", "remaining"),
    ("mailjet_recipient", "exclusion_reason", "left_out", "excluded_target"),
    ("mailjet_recipient", "exclusion_reason", "answered", "engaged"),
    ("mailjet_recipient_load", "mode", "leave_out", "exclude"),
]

# Models that records refer to: a scheduled action goes with the model it runs.
MODELS = {
    "mailjet.disagreement": "mailjet.suppression.report",
    "mailjet.pull": "mailjet.sync",
    "mailjet.test": "mailjet.test.message",
}

# How external ids of the add-on begin, and how they do now.
PREFIXES = {"ir_cron_pull": "ir_cron_sync"}

# Values in saved filters.
FILTER_VALUES = {
    "left_out": "excluded_target",
    "answered": "engaged",
    "parked": "unmatched",
    "departure": "send",
    "hold": "scheduled",
}


def migrate(cr, version):
    for table, names in FIELDS.items():
        for old, new in names.items():
            _rename_field(cr, table, old, new)
    for table, column, old, new in VALUES:
        cr.execute(
            SQL(
                "UPDATE %(table)s SET %(column)s = %(new)s WHERE %(column)s = %(old)s",
                table=SQL.identifier(table),
                column=SQL.identifier(column),
                old=old,
                new=new,
            )
        )
    for old, new in MODELS.items():
        _rename_model(cr, old, new)
    for old, new in PREFIXES.items():
        _rename_external_ids(cr, f"^{old}", new)
    _rename_in_filters(cr)


def _rename_field(cr, table, old, new):
    if column_exists(cr, table, old):
        cr.execute(
            SQL(
                "ALTER TABLE %s RENAME COLUMN %s TO %s",
                SQL.identifier(table),
                SQL.identifier(old),
                SQL.identifier(new),
            )
        )
    cr.execute(
        "UPDATE ir_model_fields SET name = %s WHERE name = %s AND model = %s",
        [new, old, table.replace("_", ".")],
    )
    _rename_external_ids(cr, f"^field_{table}__{old}$", f"field_{table}__{new}")


def _rename_model(cr, old, new):
    old_table, new_table = old.replace(".", "_"), new.replace(".", "_")
    cr.execute("SELECT relkind FROM pg_class WHERE oid = to_regclass(%s)", [old_table])
    (kind,) = cr.fetchone() or (None,)
    if kind == "v":
        # Made anew with its model.
        cr.execute(SQL("DROP VIEW %s", SQL.identifier(old_table)))
    elif kind:
        for suffix in ("", "_id_seq"):
            cr.execute(
                SQL(
                    "ALTER TABLE %s RENAME TO %s",
                    SQL.identifier(f"{old_table}{suffix}"),
                    SQL.identifier(f"{new_table}{suffix}"),
                )
            )
    cr.execute("UPDATE ir_model SET model = %s WHERE model = %s", [new, old])
    cr.execute("UPDATE ir_model_fields SET model = %s WHERE model = %s", [new, old])
    cr.execute(
        "UPDATE ir_model_fields SET relation = %s WHERE relation = %s", [new, old]
    )
    cr.execute("UPDATE ir_filters SET model_id = %s WHERE model_id = %s", [new, old])
    pattern = rf"{old_table}(?=$|__|_(manager|rule|view|action|menu))"
    _rename_external_ids(cr, pattern, new_table)


def _rename_external_ids(cr, pattern, new):
    cr.execute(
        "UPDATE ir_model_data SET name = regexp_replace(name, %s, %s)"
        " WHERE module = 'massmailing_mailjet' AND name ~ %s",
        [pattern, new, pattern],
    )


def _rename_in_filters(cr):
    """Rename in the saved filters and exports of the add-on's own models: fields as
    words, values only where they are all that stands between quotation marks."""
    fields = {old: new for names in FIELDS.values() for old, new in names.items()}
    patterns = [(rf"\m{old}\M", new) for old, new in fields.items()]
    patterns += [
        (rf"(?<=['\"]){old}(?=['\"])", new) for old, new in FILTER_VALUES.items()
    ]
    for pattern, new in patterns:
        cr.execute(
            """
            UPDATE ir_filters
               SET domain = regexp_replace(domain, %(pattern)s, %(new)s, 'g'),
                   context = regexp_replace(context, %(pattern)s, %(new)s, 'g'),
                   sort = regexp_replace(sort, %(pattern)s, %(new)s, 'g')
             WHERE model_id LIKE 'mailjet.%%'
               AND concat(domain, context, sort) ~ %(pattern)s
            """,
            {"pattern": pattern, "new": new},
        )
    for old, new in fields.items():
        cr.execute(
            """
            UPDATE ir_exports_line l
               SET name = regexp_replace(l.name, %(pattern)s, %(new)s, 'g')
              FROM ir_exports e
             WHERE e.id = l.export_id AND e.resource LIKE 'mailjet.%%'
               AND l.name ~ %(pattern)s
            """,
            {"pattern": rf"\m{old}\M", "new": new},
        )
