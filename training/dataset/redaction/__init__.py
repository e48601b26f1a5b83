"""What is somebody's goes out of texts, what they eat stays: `Redactor().conversation(names).redact(text)`."""

from training.dataset.redaction.redactor import ConversationRedactor, Redactor
from training.dataset.redaction.spans import Kind

__all__ = ["ConversationRedactor", "Kind", "Redactor"]
