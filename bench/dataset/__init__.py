"""Figures of datasets: speed, memory, redaction, copies, consent."""
