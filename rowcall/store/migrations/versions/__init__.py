"""Which steps led to today's form of the state? One file a step; never change one that was released."""
