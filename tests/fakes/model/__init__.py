"""An OpenAI-compatible model server that says what a test tells it to say, and fails as it is told to."""

from tests.fakes.model.faults import Fault
from tests.fakes.model.server import FakeModel

__all__ = ["FakeModel", "Fault"]
