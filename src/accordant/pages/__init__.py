"""What every page is made of: frame, components, lists, formats, panels, proof of an entry, no domain's nouns."""
