"""Components that several pages share: each draws one thing, everywhere alike."""
