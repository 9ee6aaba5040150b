"""Reviews: a period, a cutoff, figures that every party folds for itself, and the report."""
