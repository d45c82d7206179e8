"""The reader's network in torch: layers of multilingual-e5-small and a small head."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertConfig, BertModel

from kb.index.packed_file import PackedFile

_MASKED = -1e4
_HEAD_SPREAD = 0.02


class ReaderNetwork(nn.Module):
    """A cross-encoder with two outputs: log-odds to answer, and to help at least."""

    def __init__(self, file: PackedFile, n_layers: int) -> None:
        """Take the lower layers of the packaged model, and a head that knows nothing.

        Args:
            file: The packaged embedder's weights.
            n_layers: How many layers to keep.
        """
        super().__init__()
        base = _base_model(file)
        self.embeddings = base.embeddings
        self.layers = nn.ModuleList(base.encoder.layer[:n_layers])
        self.head = nn.Linear(file.dimension, 2)
        nn.init.normal_(self.head.weight, std=_HEAD_SPREAD)
        nn.init.zeros_(self.head.bias)
        self.n_heads = file.n_heads

    def embedded(self, ids: Sequence[Sequence[int]]) -> Tensor:
        """Return what texts look like to the first layer, (all tokens, dimension)."""
        words = torch.tensor([number for text in ids for number in text])
        places = torch.cat([torch.arange(len(text)) for text in ids])
        return self._placed(self.embeddings.word_embeddings(words), places)

    def through(self, hidden: Tensor, layers: slice, lengths: Sequence[int]) -> Tensor:
        """Return hidden states after some layers.

        Texts stand one behind the other, without filling between them: in batches of
        texts of any length a third of the work would be on filling.

        Args:
            hidden: (all tokens, dimension).
            layers: Which layers.
            lengths: Tokens of each text.
        """
        longest = max(lengths)
        mask = torch.arange(longest)[None] < torch.tensor(lengths)[:, None]
        places = mask.flatten().nonzero().squeeze(1)
        for layer in self.layers[layers]:
            hidden = self._packed_layer(layer, hidden, mask, places)
        return hidden

    def read(self, hidden: Tensor, lengths: Sequence[int]) -> Tensor:
        """Return the log-odds of texts from the last hidden states, (texts, 2)."""
        text_of = torch.repeat_interleave(
            torch.arange(len(lengths)), torch.tensor(lengths)
        )
        total = torch.zeros(len(lengths), hidden.shape[1])
        total = total.index_add(0, text_of, hidden.float())
        mean = total / torch.tensor(lengths)[:, None]
        logits: Tensor = self.head(functional.dropout(mean, 0.1, self.training))
        return logits

    def forward(self, words: Tensor, mask: Tensor) -> Tensor:
        """Return the log-odds of filled texts, (texts, 2): what is exported.

        Args:
            words: Word embeddings, (texts, tokens, dimension).
            mask: 1 where there is a token, (texts, tokens).
        """
        n_texts, n_tokens, dimension = words.shape
        hidden = self._placed(words, torch.arange(n_tokens))
        bias = (1 - mask[:, None, None, :]) * _MASKED
        for layer in self.layers:
            attention = _parts(layer).attention.self
            query, key, value = (
                part(hidden).view(n_texts, n_tokens, self.n_heads, -1).transpose(1, 2)
                for part in (attention.query, attention.key, attention.value)
            )
            seen = self._attend(query, key, value, bias)
            seen = seen.transpose(1, 2).reshape(n_texts, n_tokens, dimension)
            hidden = _rest_of_layer(layer, hidden, seen)
        mean = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        logits: Tensor = self.head(mean)
        return logits

    def _placed(self, words: Tensor, places: Tensor) -> Tensor:
        embeddings = self.embeddings
        placed: Tensor = embeddings.LayerNorm(
            words
            + embeddings.position_embeddings(places)
            + embeddings.token_type_embeddings.weight[0]
        )
        return placed

    def _packed_layer(
        self, layer: nn.Module, hidden: Tensor, mask: Tensor, places: Tensor
    ) -> Tensor:
        n_texts, longest = mask.shape
        dimension = hidden.shape[1]
        attention = _parts(layer).attention.self
        parts = (attention.query, attention.key, attention.value)
        packed = functional.linear(
            hidden,
            torch.cat([part.weight for part in parts]),
            torch.cat([part.bias for part in parts]),
        )
        filled = packed.new_zeros(n_texts * longest, 3 * dimension)
        filled = filled.index_copy(0, places, packed)
        query, key, value = filled.view(
            n_texts, longest, 3, self.n_heads, dimension // self.n_heads
        ).permute(2, 0, 3, 1, 4)
        bias = (~mask[:, None, None, :]) * _MASKED
        seen = self._attend(query, key, value, bias).transpose(1, 2)
        seen = seen.reshape(n_texts * longest, dimension).index_select(0, places)
        return _rest_of_layer(layer, hidden, seen)

    @staticmethod
    def _attend(query: Tensor, key: Tensor, value: Tensor, bias: Tensor) -> Tensor:
        # Written out: torch's own attention takes three times as long backwards, with
        # heads as small as these.
        weights = query @ key.transpose(2, 3) * query.shape[-1] ** -0.5 + bias
        seen: Tensor = weights.float().softmax(-1).to(value.dtype) @ value
        return seen


def _parts(module: nn.Module) -> Any:  # noqa: ANN401  # torch types all parts alike
    """Return a module as one whose parts have the types that they have."""
    return cast(Any, module)


def _rest_of_layer(layer: nn.Module, hidden: Tensor, seen: Tensor) -> Tensor:
    """Return a layer's output from its input and what its attention has seen."""
    parts = _parts(layer)
    output = parts.attention.output
    hidden = output.LayerNorm(output.dense(seen).float() + hidden)
    inner = functional.gelu(parts.intermediate.dense(hidden))
    after: Tensor = parts.output.LayerNorm(parts.output.dense(inner).float() + hidden)
    return after


def _base_model(file: PackedFile) -> BertModel:
    """Return the packaged embedder's network with its weights."""
    config = BertConfig(
        vocab_size=file.n_words,
        hidden_size=file.dimension,
        num_hidden_layers=file.n_layers,
        num_attention_heads=file.n_heads,
        intermediate_size=file.n_inner,
        max_position_embeddings=file.n_positions,
        type_vocab_size=file.n_types,
        layer_norm_eps=file.epsilon,
    )
    model = BertModel(config, add_pooling_layer=False)
    state = {name: torch.from_numpy(part) for name, part in _weights(file).items()}
    model.load_state_dict(state, strict=False)
    return model


def _weights(file: PackedFile) -> dict[str, object]:
    """Return the packed parts under the names that transformers gives them."""
    size = file.dimension
    found: dict[str, object] = {
        "embeddings.word_embeddings.weight": file.matrix(
            "emb.word", file.n_words, size
        ),
        "embeddings.position_embeddings.weight": file.floats(
            "emb.pos", file.n_positions, size
        ),
        "embeddings.token_type_embeddings.weight": file.floats(
            "emb.type", file.n_types, size
        ),
        "embeddings.LayerNorm.weight": file.floats("emb.ln.w", size),
        "embeddings.LayerNorm.bias": file.floats("emb.ln.b", size),
    }
    names = {
        "q": "attention.self.query",
        "k": "attention.self.key",
        "v": "attention.self.value",
        "ao": "attention.output.dense",
        "fi": "intermediate.dense",
        "fo": "output.dense",
    }
    for number in range(file.n_layers):
        to, own = f"encoder.layer.{number}.", f"l{number}."
        for short, name in names.items():
            shape = file.matrices[short]
            found[f"{to}{name}.weight"] = file.matrix(f"{own}{short}.w", *shape)
            found[f"{to}{name}.bias"] = file.floats(f"{own}{short}.b", shape[0])
        for short, name in (("aln", "attention.output"), ("oln", "output")):
            for letter, kind in (("w", "weight"), ("b", "bias")):
                found[f"{to}{name}.LayerNorm.{kind}"] = file.floats(
                    f"{own}{short}.{letter}", size
                )
    return found
