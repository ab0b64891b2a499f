"""Every way in: command line, web chat."""
