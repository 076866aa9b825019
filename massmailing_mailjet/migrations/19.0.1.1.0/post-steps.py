"""A mailing that is on its way, or was sent, opens on its last step: its results."""


def migrate(cr, version):
    cr.execute(
        "UPDATE mailjet_mailing SET step = 'sending'"
        " WHERE state NOT IN ('draft', 'cancelled') AND step <> 'sending'"
    )
