"""Where the law of Europe on advertising by email holds, as codes of ISO 3166."""

# Who may be written to, and what an email says about its sender: Directive 2002/58/EC,
# article 13, and Directive 2000/31/EC, articles 5 and 6, with their outermost regions.
# https://eur-lex.europa.eu/eli/dir/2002/58/oj
# https://eur-lex.europa.eu/eli/dir/2000/31/oj
EU = frozenset(
    """
    AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK
    AX GF GP MF MQ RE YT
    """.split()
)
EEA = EU | {"IS", "LI", "NO"}
# The United Kingdom by SI 2003/2426, regulations 22 and 23, Switzerland by article 3 of
# SR 241. https://www.legislation.gov.uk/uksi/2003/2426
# https://www.fedlex.admin.ch/eli/cc/1988/223_223_223
EUROPE = EEA | {"CH", "GB", "XI"}
