"""Tests of the formats of shared facts."""
