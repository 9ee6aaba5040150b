"""Programmes: visits, conferences, special events and daily work, with the activities and delegations in them."""
