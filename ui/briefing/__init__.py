"""The briefing: what an officer collects while reading, kept in a session or a file.

``session`` draws the buttons that collect; nothing else here knows Streamlit.
"""
