"""Days and limits that were negative by mistake would keep their constraints from being
added."""


def migrate(cr, version):
    cr.execute(
        "UPDATE res_company SET mailjet_frequency_cap_days = 0"
        " WHERE mailjet_frequency_cap_days < 0"
    )
    cr.execute("UPDATE mailjet_account SET monthly_limit = 0 WHERE monthly_limit < 0")
