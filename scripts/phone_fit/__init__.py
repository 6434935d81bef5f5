"""What scripts/fit_phones learns from, and how."""
