"""What the reader's own browser keeps between visits.

``entry`` says what such a thing is. ``storage`` alone talks to the browser, and knows
names and texts, not what they mean.
"""
