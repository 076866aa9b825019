"""Let companies that share an account no longer see each other's events and addresses.

The record rules are in a file that an upgrade leaves alone.
"""

from odoo.tools import SQL

BY_MAILING = """[
    '|', ('mailing_id.company_id', 'in', company_ids),
    '&', ('mailing_id', '=', False),
    ('account_id.company_id', 'in', company_ids + [False])]"""
BY_ADDRESS = """[
    '|', ('account_id.company_id', 'in', company_ids),
    '&', ('account_id.company_id', '=', False), ('owner_ids', 'in', company_ids)]"""
DOMAINS = {
    "mailjet_list_rule_company": BY_MAILING,
    "mailjet_event_rule_company": BY_MAILING,
    "mailjet_suppression_rule_company": BY_ADDRESS,
    "mailjet_suppression_report_rule_company": BY_ADDRESS,
}
# What they were: a rule that somebody has changed stays as it is.
BEFORE = "[('account_id.company_id', 'in', company_ids + [False])]"


def migrate(cr, version):
    for name, domain in DOMAINS.items():
        cr.execute(
            SQL(
                """
                UPDATE ir_rule r SET domain_force = %s
                  FROM ir_model_data d
                 WHERE d.module = 'massmailing_mailjet' AND d.model = 'ir.rule'
                   AND d.name = %s AND d.res_id = r.id AND r.domain_force = %s
                """,
                domain,
                name,
                BEFORE,
            )
        )
