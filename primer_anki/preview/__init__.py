"""Deck → one static page that shows every card as Anki does."""
