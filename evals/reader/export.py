"""From a trained network to the one file that `kb.reader.packaged` runs."""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Callable, Sequence
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from kb.index.packed_file import PackedFile
from kb.reader.packaged import IDS, SUBWORDS, pack

if TYPE_CHECKING:
    from evals.reader.network import ReaderNetwork

_OPSET = 17
_SPACE = "\u2581"  # how SentencePiece writes it
_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC", "MICRO", "FEMININE", "MASCULINE")
_LAST_SYMBOL = 0x2FFF  # behind it lie the signs of East Asia
_NO_SYMBOLS = {"Mn", "Mc", "Lo", "So", "Cn", "Co"}
_N_MARKS = 4
_LEAST_FACTOR = 1e-4
_LEAST_SCALE = 1e-6


def export(
    network: ReaderNetwork,
    file: PackedFile,
    samples: Sequence[Sequence[int]],
    *,
    whole: bool = False,
) -> bytes:
    """Return a network as an ONNX file, its weights in 8 bits, with its subwords.

    Activations are quantised while it runs (onnxruntime's dynamic quantisation, a scale
    for each output channel), after the channels that reach far were evened out.

    Args:
        network: Trained.
        file: Where its subwords come from.
        samples: Ids of some texts as they are read; they show how far channels reach.
        whole: Keep the weights in 32 bits, to see what the 8 bits cost.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    network = deepcopy(network).eval()
    if not whole:
        even_out(network, samples)
    with TemporaryDirectory() as folder:
        full, small = Path(folder) / "full.onnx", Path(folder) / "small.onnx"
        _write_graph(network, full)
        if not whole:
            quantize_dynamic(full, small, per_channel=True, weight_type=QuantType.QInt8)
        model = onnx.load(full if whole else small)
    subwords, ids = cut_subwords(file)
    for key, value in ((SUBWORDS, pack(subwords)), (IDS, pack(ids))):
        entry = model.metadata_props.add()
        entry.key, entry.value = key, value
    exported: bytes = model.SerializeToString()
    return exported


def _write_graph(network: ReaderNetwork, path: Path) -> None:
    """Write a network as an ONNX file that takes any number of texts of any length."""
    words = torch.randn(2, 7, network.head.in_features)
    with warnings.catch_warnings():
        # The exporter that would replace it needs another package and gives the same
        # graph.
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.onnx.export(
            network,
            (words, torch.ones(2, 7)),
            str(path),
            input_names=["words", "mask"],
            output_names=["logits"],
            dynamic_axes={
                "words": {0: "texts", 1: "tokens"},
                "mask": {0: "texts", 1: "tokens"},
                "logits": {0: "texts"},
            },
            opset_version=_OPSET,
            dynamo=False,
        )


class EvenLinear(nn.Module):
    """A linear layer whose input channels reach about as far as its weights do.

    Of an input with a few channels that reach far, 8 bits leave little for the others.
    Each channel is divided by a factor that its weights are multiplied with (Xiao et
    al., 2023, "SmoothQuant", with a strength of one half).

    The layer that narrows what a feed-forward layer made wide has tokens, too, that
    reach far; there each token has a scale of its own. (On 384 pairs, 30 November 2026,
    that brought the mean error of a log-odds from .29 to .05 for a tenth more time;
    doing so in all layers brought nothing more.)
    """

    def __init__(self, linear: nn.Linear, reach: Tensor) -> None:
        """Take a layer and the largest absolute input of each channel."""
        super().__init__()
        self.by_token = linear.in_features > linear.out_features
        weight = linear.weight.detach()
        # A channel that no sample uses, or that no weight reads, stays as it is.
        factor = (reach / weight.abs().amax(0)).nan_to_num(1.0, 1.0)
        factor = factor.clamp(_LEAST_FACTOR).sqrt()
        self.divisor = nn.Parameter(1 / factor, requires_grad=False)
        self.linear = nn.Linear(linear.in_features, linear.out_features)
        self.linear.weight = nn.Parameter(weight * factor, requires_grad=False)
        self.linear.bias = nn.Parameter(linear.bias.detach(), requires_grad=False)

    def forward(self, hidden: Tensor) -> Tensor:
        """Return what the layer itself would, but for rounding."""
        hidden = hidden * self.divisor
        result: Tensor
        if self.by_token:
            scale = hidden.abs().amax(-1, keepdim=True).clamp(_LEAST_SCALE)
            result = functional.linear(hidden / scale, self.linear.weight) * scale
            result = result + self.linear.bias
        else:
            result = self.linear(hidden)
        return result


def even_out(network: ReaderNetwork, samples: Sequence[Sequence[int]]) -> None:
    """Replace the linear layers of a network by ones that bear 8 bits better."""
    linears = {
        name: module
        for name, module in network.layers.named_modules()
        if isinstance(module, nn.Linear)
    }
    reach: dict[str, Tensor] = {}

    def watch(name: str) -> Callable[[nn.Module, tuple[Tensor, ...]], None]:
        def look(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
            seen = inputs[0].detach().abs().flatten(0, -2).amax(0)
            reach[name] = torch.maximum(reach.get(name, seen), seen)

        return look

    hooks = [m.register_forward_pre_hook(watch(n)) for n, m in linears.items()]
    with torch.no_grad():
        for ids in samples:
            words = network.embeddings.word_embeddings(torch.tensor([list(ids)]))
            network(words, torch.ones(1, len(ids)))
    for hook in hooks:
        hook.remove()
    for name, linear in linears.items():
        parent, _, own = name.rpartition(".")
        even = EvenLinear(linear, reach[name])
        setattr(network.layers.get_submodule(parent), own, even)


def restore(network: ReaderNetwork, weights: bytes) -> None:
    """Give a network the weights of an exported one, as exact as its 8 bits are.

    Args:
        network: Of as many layers.
        weights: As `export` returned them.
    """
    import onnx

    graph = onnx.load_from_string(weights).graph
    parts = {part.name: onnx.numpy_helper.to_array(part) for part in graph.initializer}
    multiplied = iter(n.input[1] for n in graph.node if n.op_type == "MatMulInteger")

    def matrix(quantised: str) -> Tensor:
        name = quantised.removesuffix("_quantized")
        whole, zero = (
            parts[f"{name}_{part}"].astype(np.float32)
            for part in ("quantized", "zero_point")
        )
        return torch.from_numpy((whole - zero) * parts[f"{name}_scale"]).T.contiguous()

    state = network.state_dict()
    for name, module in network.named_modules():
        if isinstance(module, nn.LayerNorm):
            for part in ("weight", "bias"):
                state[f"{name}.{part}"] = torch.tensor(parts[f"{name}.{part}"])
        elif isinstance(module, nn.Linear):
            even = parts.get(f"{name}.divisor", np.float32(1))
            own = f"{name}.linear" if f"{name}.divisor" in parts else name
            state[f"{name}.weight"] = matrix(next(multiplied)) * torch.tensor(even)
            state[f"{name}.bias"] = torch.tensor(parts[f"{own}.bias"])
    network.load_state_dict(state)


def average_with(network: ReaderNetwork, weights: bytes) -> None:
    """Give a network the mean of its own weights and those of an exported one.

    The mean of the weights before and after fine-tuning reads like the better of the
    two, and differs less between ways to say the same (Wortsman et al., 2022, "Model
    soups").

    Args:
        network: Went on from the exported one.
        weights: As `export` returned them.
    """
    other = deepcopy(network)
    restore(other, weights)
    before, after = other.state_dict(), network.state_dict()
    network.load_state_dict({name: (after[name] + before[name]) / 2 for name in after})


def cut_subwords(file: PackedFile) -> tuple[bytes, bytes]:
    """Return a SentencePiece model of Europe's scripts, and the ids of its pieces.

    Without the other scripts it is loaded in half the time. The ids are little-endian
    32-bit integers.
    """
    from sentencepiece import sentencepiece_model_pb2

    messages: Any = sentencepiece_model_pb2  # made when it is imported
    model = messages.ModelProto()
    kinds = messages.ModelProto.SentencePiece
    marks = {file.bos, file.eos, file.pad}
    kept = []
    for number, (piece, score) in enumerate(file.pieces()):
        if number >= _N_MARKS and not is_european(piece):
            continue
        entry = model.pieces.add()
        entry.piece, entry.score = piece, score
        if number in marks:
            entry.type = kinds.CONTROL
        elif number == file.unknown:
            entry.type = kinds.UNKNOWN
        else:
            entry.type = kinds.NORMAL
        kept.append(number)
    trainer, normaliser = model.trainer_spec, model.normalizer_spec
    trainer.model_type = messages.TrainerSpec.UNIGRAM
    trainer.bos_id, trainer.eos_id = file.bos, file.eos
    trainer.pad_id, trainer.unk_id = file.pad, file.unknown
    normaliser.add_dummy_prefix = True
    normaliser.remove_extra_whitespaces = True
    normaliser.escape_whitespaces = True
    packed: bytes = model.SerializeToString()
    return packed, np.array(kept, dtype="<i4").tobytes()


def is_european(piece: str) -> bool:
    """Say whether a subword holds Latin, Greek or Cyrillic letters and signs only."""
    return all(char == _SPACE or char.isascii() or _is_european(char) for char in piece)


def _is_european(char: str) -> bool:
    if char.isalpha():
        return unicodedata.name(char, "").startswith(_SCRIPTS)
    return ord(char) <= _LAST_SYMBOL and unicodedata.category(char) not in _NO_SYMBOLS
