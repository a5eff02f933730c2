"""Raw text to comparable text: folding with alignment, further readings, languages, boundaries."""
