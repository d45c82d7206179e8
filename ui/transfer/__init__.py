"""Would a case work elsewhere: its conditions beside another city; no Streamlit."""
