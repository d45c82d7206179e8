"""The profile of the reader's own city: kept in the browser and the session alone.

``session`` draws and remembers; nothing else here knows Streamlit.
"""
