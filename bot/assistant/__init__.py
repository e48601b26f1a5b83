"""One turn, with no Telegram in it: understand, retrieve, ask the model, guard."""
