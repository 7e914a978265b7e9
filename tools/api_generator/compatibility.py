"""docs/compatibility.md: which operations there are, from the models and the ops/ folders."""
