"""Drafts → what makes them bad cards: an engine, and one short function a rule."""
