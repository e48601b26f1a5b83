"""The forms of an answer that is put together from passages alone, one file each."""
