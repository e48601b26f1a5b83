"""Thin Telegram handlers, one file per topic; `app.py` puts them together."""
