"""From consented turns to datasets that any trainer loads and any auditor accepts."""
