"""The answer log: what was asked and answered, what readers thought of it, and what staff made of it."""
