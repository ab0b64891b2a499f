"""What each part of retrieval is worth: every benchmark with each part switched off in turn."""
