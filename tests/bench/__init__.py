"""`make bench`: the appliance against the bare cost of its work, and against the baseline."""
