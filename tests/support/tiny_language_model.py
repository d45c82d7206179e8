"""A language model with random weights that really runs: bytes in, a few bytes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llama_index.core.llms import CompletionResponse, CustomLLM, LLMMetadata
from pydantic import Field, PrivateAttr

if TYPE_CHECKING:
    from llama_index.core.llms import CompletionResponseGen

_WINDOW = 8192
_WRITTEN = 8


class TinyLanguageModel(CustomLLM):
    """Writes nonsense, always the same for a prompt, and keeps what it was given."""

    prompts: list[str] = Field(default_factory=list)
    _network: Any = PrivateAttr()

    def __init__(self) -> None:
        """Make the network."""
        super().__init__()
        import torch
        from transformers import GPT2Config, GPT2LMHeadModel

        torch.manual_seed(0)
        shape = GPT2Config(
            vocab_size=256,
            n_positions=_WINDOW,
            n_embd=16,
            n_layer=1,
            n_head=2,
            bos_token_id=0,
            eos_token_id=0,
            pad_token_id=0,
        )
        self._network = GPT2LMHeadModel(shape).eval()

    @property
    def metadata(self) -> LLMMetadata:
        """How much it reads and writes."""
        return LLMMetadata(context_window=_WINDOW, num_output=_WRITTEN)

    def complete(
        self, prompt: str, formatted: bool = False, **_: Any
    ) -> CompletionResponse:
        """Go on from a prompt."""
        import torch

        self.prompts.append(prompt)
        given = torch.tensor([list(prompt.encode())])
        written = self._network.generate(
            given,
            attention_mask=torch.ones_like(given),
            max_new_tokens=_WRITTEN,
            do_sample=False,
        )
        text = bytes(written[0, given.shape[1] :].tolist()).decode(errors="replace")
        return CompletionResponse(text=text)

    def stream_complete(
        self, prompt: str, formatted: bool = False, **_: Any
    ) -> CompletionResponseGen:
        """Go on from a prompt, in one piece."""
        yield self.complete(prompt)
