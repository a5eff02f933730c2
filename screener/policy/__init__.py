"""Rule packs: what findings mean, and what statements are worth, for a marketplace, a region and a date."""
