"""Doors for other programs: assistants, scripts and frameworks ask what the app asks.

All return what `kb` answers; none repeats how.
"""
