"""Vocabulary of what may be measured: data only."""

# What can be measured of an address, and what its owner has chosen about each. Without
# a choice it is unknown.
MEASURING_KINDS = [
    ("open", "Openings"),
    ("click", "Clicks"),
]
MEASURING_CHOICES = [
    ("granted", "Agreed"),
    ("refused", "Refused"),
]
# Whom a company measures. A refusal is respected by each of them.
MEASURING_RULES = [
    ("all", "Measure everyone"),
    ("unless_refused", "Measure unless refused"),
    ("consent", "Measure only with consent"),
]
# Where openings may only be measured with consent: France with its overseas territories
# (CNIL, deliberation 2026-042) and Italy (Garante, provision 284 of 2026).
CONSENT_COUNTRIES = (
    *("FR", "BL", "GF", "GP", "MF", "MQ", "NC", "PF", "PM", "RE", "TF", "WF", "YT"),
    "IT",
)
# How Odoo learned of the choice.
MEASURING_SOURCES = [
    ("recipient", "Chosen by the recipient"),
    ("user", "Entered by a user"),
    ("import", "Import"),
]
