"""What talks to a real Anki."""
