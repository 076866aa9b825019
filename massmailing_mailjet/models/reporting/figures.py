"""What the rates of a mailing are made of: data only."""

# The rates of a mailing: the figure of whom, as a part of the figure of whom.
RATES = {
    "delivered_ratio": ("delivered_count", "sent_count"),
    "opened_ratio": ("opened_count", "delivered_count"),
    "clicked_ratio": ("clicked_count", "delivered_count"),
    "bounced_ratio": ("bounced_count", "sent_count"),
    "optout_ratio": ("optout_count", "delivered_count"),
}
