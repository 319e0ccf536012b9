"""The admin paths, one small file for each part; `router` puts them behind one guard."""
