"""What an officer takes home: a briefing or a visit kit as Word, PDF and Markdown.

``model`` and ``collect`` hold what was collected; ``memo`` and ``visit`` write it as a
neutral `document`; ``word``, ``pdf`` and ``markdown`` make files of that. Nothing here
knows Streamlit.
"""
