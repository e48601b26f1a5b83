"""The assistant, and the places where people meet it."""
