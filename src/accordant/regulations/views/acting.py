"""Who asks for a page here: see `pages.acting`."""

from accordant.pages.acting import ActingRequest, in_office

__all__ = ["ActingRequest", "in_office"]
