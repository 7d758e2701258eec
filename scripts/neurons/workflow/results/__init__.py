"""The records of all results, a file a study; `neurons.workflow.registry` answers questions about them."""
