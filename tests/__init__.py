"""Tests of Accordant."""
