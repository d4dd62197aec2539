"""Hears the code as a program does: finds the words between the pauses, compares each with the ten known."""

import io
import wave
from functools import cache

import numpy as np

from journeys.captcha.voice import RATE, SPEEDS, recording

SOUND_BYTES = 88_244  # eight seconds and the header, whatever is said
WINDOW = RATE // 100
LOUD = 3.0  # above the noise
GAP = 32  # windows; the stop within «cinco» is shorter, the pause between two digits longer
SIZE = 2**15  # samples: room for a word and a recording side by side
MARGIN = RATE // 5  # an S at either end is no louder than the noise


def hear(sound: bytes) -> str:
    """The digits spoken in a WAV file."""
    samples = samples_of(sound)
    return "".join(likeliest(samples[max(0, start - MARGIN) : end + MARGIN]) for start, end in words(samples))


def samples_of(sound: bytes) -> np.ndarray:
    with wave.open(io.BytesIO(sound)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), np.uint8) - 128.0


def words(samples: np.ndarray) -> list[tuple[int, int]]:
    """First and last sample of each."""
    windows = samples[: len(samples) // WINDOW * WINDOW].reshape(-1, WINDOW)
    level = windows.std(axis=1)
    loud = np.flatnonzero(level > LOUD * np.median(level))
    groups = np.split(loud, np.flatnonzero(np.diff(loud) > GAP) + 1)
    return [(int(group[0]) * WINDOW, int(group[-1] + 1) * WINDOW) for group in groups if len(group)]


def likeliest(word: np.ndarray) -> str:
    """The digit that fits best, at its best speed, wherever it is laid on the word."""
    heard = np.fft.rfft(word, SIZE)
    scores = {digit: np.fft.irfft(heard * spoken(digit), axis=1).max() for digit in "0123456789"}
    return max(scores, key=scores.__getitem__)


@cache
def spoken(digit: str) -> np.ndarray:
    """The recording at each speed it may be heard at, ready to be compared: speeds × frequencies."""
    samples = np.frombuffer(recording(digit), np.uint8) - 128.0
    places = np.arange(len(samples))
    known = [np.interp(np.arange(0, len(samples) - 1, speed), places, samples) for speed in SPEEDS]
    return np.array([np.conj(np.fft.rfft(each / np.linalg.norm(each), SIZE)) for each in known])
