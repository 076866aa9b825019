from odoo.fields import Domain


def get_selected_domain(env, ids):
    """Return the domain of the records that the user has selected in a list.

    The web client sends a limited number of ids; a selection that reaches the limit
    means all results of the search, whose domain is then in the context.
    """
    limit = int(
        env["ir.config_parameter"].sudo().get_param("web.active_ids_limit", 20000)
    )
    domain = env.context.get("active_domain")
    if domain is None or len(ids) < limit:
        return Domain("id", "in", ids)
    return Domain(domain)
