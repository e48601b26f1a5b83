"""Tables, migrations, and what is kept of people and their conversations."""
