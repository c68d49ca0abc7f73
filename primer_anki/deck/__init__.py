"""Notes → an `.apkg`."""
