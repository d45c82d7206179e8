"""Components that pages share: each draws one thing, the same way everywhere."""
