"""Addresses that belong to a role rather than to a person: the data, and the rule.

PostgreSQL has the same rule, made of the same names, in ``mailjet.mailing``.
"""

# The first ones after https://www.rfc-editor.org/rfc/rfc2142, then what companies write
# on their websites, in the languages of this add-on and of their neighbors.
ROLE_NAMES = frozenset(
    """
    abuse hostmaster info marketing noc postmaster sales security support webmaster
    accounting accounts admin administration administrator billing booking bookings
    career careers contact contactus customercare customerservice enquiries feedback
    finance general headoffice hello help helpdesk hr inquiries invoice invoices it jobs
    legal mail media no-reply noreply office orders payroll press privacy procurement
    purchasing reception recruitment reservation reservations service services shop
    staff team
    accueil achat achats administratif bonjour commande commandes commercial
    communication compta comptabilite direction emploi facturation factures formation
    juridique mairie presse qualite rh secretariat sav vente ventes
    anfrage anfragen bestellung bewerbung buchhaltung buero buro datenschutz einkauf
    empfang geschaeftsfuehrung kontakt personal post rechnung rechnungen sekretariat
    verkauf vertrieb verwaltung zentrale
    acquisti amministrazione commerciale direzione segreteria vendite
    administracion compras contacto direccion facturacion recepcion ventas
    administratie boekhouding inkoop receptie verkoop
    """.split()
)


def is_role_address(address):
    """Return whether a normalized address is one of a role: ``sales@``, also with a tag
    as in ``sales+news@``."""
    return address.partition("@")[0].partition("+")[0] in ROLE_NAMES
