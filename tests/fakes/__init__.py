"""Servers that stand in for the outside world: a Bot API server and a model server, on real sockets."""
