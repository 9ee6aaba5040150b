"""What every page is made of: frame, components, listing, formats, panels, proof of an entry. Knows no domain's nouns."""
