"""The staff console: answers are checked, signed off and become golden cases."""
