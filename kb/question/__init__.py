"""What a question asks: its language, names, amounts, parts; and whether it is one."""
