"""What is on a card and how it gets there: chips, and the member application."""
