"""What an officer takes home: a briefing or a visit kit as Word, PDF and Markdown.

``memo`` and ``visit`` write a neutral `document`; ``word``, ``pdf`` and ``markdown``
make files of that. Nothing here knows Streamlit.
"""
