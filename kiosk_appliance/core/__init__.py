"""The use cases: what the appliance does, told in the domain's words."""
