"""How the rates of a mailing are computed: data only."""

# The rates of a mailing: a count, as a share of another.
RATES = {
    "delivered_ratio": ("delivered_count", "sent_count"),
    "opened_ratio": ("opened_count", "measured_count"),
    "clicked_ratio": ("clicked_count", "measured_count"),
    "bounced_ratio": ("bounced_count", "sent_count"),
    "optout_ratio": ("optout_count", "delivered_count"),
}
