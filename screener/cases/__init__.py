"""A tracker of after-sales cases in a database of the shop's own. Needs the extra ``cases``."""
