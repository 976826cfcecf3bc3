"""One function for each file of tests/golden/."""
