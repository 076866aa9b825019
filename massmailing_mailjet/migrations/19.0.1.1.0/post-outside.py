"""Why an e-mail did not arrive was kept in the company's words; now Mailjet's are kept,
and shown in the reader's."""

from odoo.tools import SQL

# Mailjet's word, and ours in English and French, as they were in 19.0.1.0.0.
WORDS = [
    ("user unknown", "The address does not exist.", "L'adresse n'existe pas."),
    (
        "mailbox inactive",
        "The mailbox is not in use any more.",
        "La boîte de réception n'est plus utilisée.",
    ),
    ("quota exceeded", "The mailbox is full.", "La boîte de réception est pleine."),
    (
        "blacklisted",
        "Mailjet has blacklisted the address.",
        "Mailjet a mis l'adresse sur liste noire.",
    ),
    (
        "spam reporter",
        "The recipient has marked e-mails as spam before.",
        "Le destinataire a déjà signalé des emails comme spam.",
    ),
    (
        "invalid domain",
        "The domain of the address does not exist.",
        "Le domaine de l'adresse n'existe pas.",
    ),
    (
        "no mail host",
        "The domain of the address has no mail server.",
        "Le domaine de l'adresse n'a pas de serveur de messagerie.",
    ),
    (
        "relay/access denied",
        "The recipient's server refuses e-mails from outside.",
        "Le serveur du destinataire refuse les emails de l'extérieur.",
    ),
    (
        "greylisted",
        "The recipient's server asks to try again later.",
        "Le serveur du destinataire demande de réessayer plus tard.",
    ),
    (
        "typofix",
        "The domain of the address looks mistyped.",
        "Le domaine de l'adresse semble mal écrit.",
    ),
    (
        "sender blocked",
        "The recipient's server blocks the sender.",
        "Le serveur du destinataire bloque l'expéditeur.",
    ),
    (
        "content blocked",
        "The recipient's server takes the content for spam.",
        "Le serveur du destinataire prend le contenu pour du spam.",
    ),
    (
        "policy issue",
        "The recipient's server refuses the e-mail by its own rules.",
        "Le serveur du destinataire refuse l'email selon ses propres règles.",
    ),
    (
        "system issue",
        "The recipient's server had a fault.",
        "Le serveur du destinataire avait une panne.",
    ),
    (
        "protocol issue",
        "The recipient's server did not understand Mailjet's.",
        "Le serveur du destinataire n'a pas compris celui de Mailjet.",
    ),
    (
        "connection issue",
        "The recipient's server could not be reached.",
        "Le serveur du destinataire est injoignable.",
    ),
    (
        "preblocked",
        "Mailjet knows that the address does not work.",
        "Mailjet sait que l'adresse ne fonctionne pas.",
    ),
    (
        "duplicate in campaign",
        "The address was mailed in this campaign already.",
        "L'adresse a déjà reçu un email de cette campagne.",
    ),
    (
        "spam preblocked",
        "Mailjet takes the content for spam.",
        "Mailjet prend le contenu pour du spam.",
    ),
    (
        "bad or empty template",
        "Mailjet could not read the e-mail.",
        "Mailjet n'a pas pu lire l'email.",
    ),
    (
        "error in template language",
        "Mailjet could not fill in the e-mail.",
        "Mailjet n'a pas pu compléter l'email.",
    ),
]


def migrate(cr, version):
    pairs = [(code, label) for code, *labels in WORDS for label in labels]
    codes, labels = (list(part) for part in zip(*pairs, strict=True))
    cr.execute(
        SQL(
            """
            UPDATE mailjet_recipient r SET bounce_reason = w.code
              FROM unnest(%s::text[], %s::text[]) AS w (code, label)
             WHERE r.bounce_reason = w.label
            """,
            codes,
            labels,
        )
    )
