"""Whisper tiny.en's encoder with its ears: samples in, frames out (Radford et al. 2022, figure 1).

The mel spectrum is worked out inside, as Whisper does it: 25 ms of sound every 10 ms, 80 bands of Slaney's.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from voice_coach.audio.ports import HEARING_RATE

LAYERS, HEADS, WIDTH = 4, 6, 384
PLACES = 400
"""Frames of 20 ms that it keeps a place for: 8 s."""
WINDOW, HOP, BANDS = 400, 160, 80
HZ_PER_MEL, LINEAR_TO, PER_OCTAVE = 200 / 3, 1000.0, math.log(6.4) / 27
"""Slaney's scale: even up to 1 kHz, then 27 steps for a factor of 6.4."""


class WhisperEncoder(nn.Module):
    """In: (1, samples), 16 kHz, -1 to 1. Out: (1, frames, WIDTH), one for each 20 ms."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        super().__init__()
        self.fourier = _fixed(_fourier()[:, None])
        self.bands = _fixed(mel_bands().T)
        weights = {name.removeprefix("encoder/"): torch.tensor(array) for name, array in arrays.items()}
        self.places = _fixed(weights["position_encodings/encodings"][:PLACES])
        self.filters = nn.ParameterList(
            _fixed(weights[f"conv{n}/weight"].permute(2, 1, 0).reshape(-1, WIDTH)) for n in (1, 2)
        )
        self.offsets = nn.ParameterList(_fixed(weights[f"conv{n}/bias"]) for n in (1, 2))
        self.layers = nn.ModuleList(_Layer(weights, f"layer_{number}/") for number in range(LAYERS))
        self.last = _norm(weights, "layer_norm/")

    def forward(self, wave: Tensor) -> Tensor:
        """All frames at once."""
        padded = functional.pad(wave[:, None], (WINDOW // 2, WINDOW // 2), mode="reflect")
        waves = functional.conv1d(padded, self.fourier, stride=HOP)[:, :, :-1]
        half = WINDOW // 2 + 1
        power = (waves[:, :half] ** 2 + waves[:, half:] ** 2).transpose(1, 2) @ self.bands
        logs = torch.log10(torch.clamp(power, min=1e-10))
        frames = (torch.maximum(logs, logs.amax((1, 2), keepdim=True) - 8.0) + 4.0) / 4.0
        for number, step in ((0, 1), (1, 2)):
            wide = functional.pad(frames, (0, 0, 1, 1))
            three = torch.cat([wide[:, :-2:step], wide[:, 1:-1:step], wide[:, 2::step]], 2)
            frames = functional.gelu(three @ self.filters[number] + self.offsets[number])
        frames = frames + self.places[: frames.shape[1]]
        for layer in self.layers:
            frames = layer(frames)
        return self.last(frames)


class _Layer(nn.Module):
    def __init__(self, weights: Mapping[str, Tensor], name: str) -> None:
        super().__init__()
        self.before_looking = _norm(weights, f"{name}self_attention/layer_norm/")
        self.before_thinking = _norm(weights, f"{name}ffn/layer_norm/")
        parts = ("self_attention/linear_0", "self_attention/linear_1", "ffn/linear_0", "ffn/linear_1")
        self.weights = nn.ParameterList(_fixed(weights[f"{name}{part}/weight"].T) for part in parts)
        self.offsets = nn.ParameterList(_fixed(weights[f"{name}{part}/bias"]) for part in parts)

    def forward(self, frames: Tensor) -> Tensor:
        three = self._linear(0, self.before_looking(frames)).split(WIDTH, 2)
        ask, key, value = (part.reshape(1, -1, HEADS, WIDTH // HEADS).transpose(1, 2) for part in three)
        looked = torch.softmax(ask @ key.transpose(2, 3) / math.sqrt(WIDTH / HEADS), -1) @ value
        frames = frames + self._linear(1, looked.transpose(1, 2).reshape(1, -1, WIDTH))
        return frames + self._linear(3, functional.gelu(self._linear(2, self.before_thinking(frames))))

    def _linear(self, number: int, frames: Tensor) -> Tensor:
        return frames @ self.weights[number] + self.offsets[number]


def mel_bands() -> NDArray[np.float32]:
    """(BANDS, WINDOW // 2 + 1): Slaney's triangles, each of one area."""
    tones = np.linspace(0, HEARING_RATE / 2, WINDOW // 2 + 1)
    edges = _hertz(np.linspace(0, _mel(HEARING_RATE / 2), BANDS + 2))
    widths, away = np.diff(edges), edges[:, None] - tones
    rising, falling = -away[:-2] / widths[:-1, None], away[2:] / widths[1:, None]
    bands = np.maximum(0, np.minimum(rising, falling)) * (2 / (edges[2:] - edges[:-2]))[:, None]
    return bands.astype(np.float32)


def _mel(hertz: float) -> float:
    even = LINEAR_TO / HZ_PER_MEL
    return hertz / HZ_PER_MEL if hertz < LINEAR_TO else even + math.log(hertz / LINEAR_TO) / PER_OCTAVE


def _hertz(mels: NDArray[np.float64]) -> NDArray[np.float64]:
    even = LINEAR_TO / HZ_PER_MEL
    return np.where(mels < even, mels * HZ_PER_MEL, LINEAR_TO * np.exp(PER_OCTAVE * (mels - even)))


def _fourier() -> NDArray[np.float32]:
    turns = 2 * np.pi * np.arange(WINDOW // 2 + 1)[:, None] * np.arange(WINDOW) / WINDOW
    window = np.hanning(WINDOW + 1)[:-1]
    return np.concatenate([np.cos(turns) * window, -np.sin(turns) * window]).astype(np.float32)


def _fixed(values: Tensor | NDArray[np.float32]) -> nn.Parameter:
    return nn.Parameter(torch.as_tensor(values).contiguous(), requires_grad=False)


def _norm(weights: Mapping[str, Tensor], name: str) -> nn.LayerNorm:
    norm = nn.LayerNorm(WIDTH)
    norm.weight, norm.bias = _fixed(weights[f"{name}gamma"]), _fixed(weights[f"{name}beta"])
    return norm
