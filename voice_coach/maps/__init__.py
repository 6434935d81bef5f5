"""Maps of the conversation, drawn from what the machine is built from."""
