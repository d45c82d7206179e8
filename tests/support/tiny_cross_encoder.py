"""A cross-encoder with a few dozen words and random weights, in a folder of its own."""

from __future__ import annotations

from pathlib import Path

# Words of the tiny corpus, enough for a tokenizer; any other word is unknown to it.
VOCABULARY = """\
[PAD] [UNK] [CLS] [SEP] [MASK] how much did the pipe and heat pump cost waste from
biscuit factory what was done costs results obstacles bonds crowns residents city
bricks hall brewery pupils walked school diary in of a to for 7 million ? ."""


def write_tiny_cross_encoder(folder: Path) -> Path:
    """Write model and tokenizer into a new folder, always the same, and return it."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    folder.mkdir()
    words = folder / "vocab.txt"
    words.write_text("\n".join(VOCABULARY.split()) + "\n", encoding="utf-8")
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(VOCABULARY.split()),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=128,
        # With the usual 0.02, and with 1, nearly all texts would read alike.
        initializer_range=0.3,
        num_labels=1,  # type: ignore[call-arg]  # a field of its base class
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizer(vocab_file=str(words), model_max_length=128).save_pretrained(folder)
    return folder
