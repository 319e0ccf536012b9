"""How one thing is handed to one provider: a file for each, behind one small protocol."""
