"""A report for people and services: terminal, HTML page, Markdown, JUnit XML."""
