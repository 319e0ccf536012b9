"""Cut power, killed processes: what the appliance promised must still be there."""
