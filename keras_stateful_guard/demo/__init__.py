"""The demo: one script written wrong, the same script written right, on one real series."""
