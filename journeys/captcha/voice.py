"""The code, spoken: ten recordings joined anew for each code. Nothing outside this process is called.

It is for people's ears, not against programs: ten known words are told apart by any program that
tries. Speed, loudness, pauses and noise keep it from being a matter of comparing bytes.
"""

import io
import random
import wave
from operator import add
from pathlib import Path
from threading import Lock

from guards.keyed import keyed_hash

RECORDINGS = Path(__file__).parent / "digits"  # made by scripts/record_digits.sh
RATE = 11025  # samples a second; one byte each, 128 is silence
SECONDS = 8  # always, whatever the digits: the length tells nothing
LENGTH = SECONDS * RATE
PAUSE = RATE * 45 // 100  # at least this long before each digit, to type the one before
TAIL = RATE * 3 // 10
SPEEDS = (0.9, 0.95, 1.0, 1.06, 1.12)  # the pitch goes with it
LOUDNESS = (0.75, 0.87, 1.0)
NOISE = 3  # steps up or down, of 128

Atlas = dict[str, list[bytes]]
_atlas: Atlas = {}
_atlas_lock = Lock()


def speak(digits: str, key: str) -> bytes:
    """A WAV file of SECONDS: 8-bit PCM, mono.

    The same key gives the same sound, as it gives the same picture, and for the same reasons.
    """
    chance = random.Random(keyed_hash("code spoken", key))  # noqa: S311 - decoration, no secret
    noise = chance.randbytes(LENGTH).translate(_HISS)
    return _wav(bytes(map(add, _words(digits, chance), noise)))


def _words(digits: str, chance: random.Random) -> bytes:
    """One digit after the other, LENGTH samples, lowered by NOISE to leave room for it."""
    atlas = _ready_atlas()
    words = [chance.choice(atlas[digit]).translate(chance.choice(_SOFTER)) for digit in digits]
    free = LENGTH - TAIL - sum(PAUSE + len(word) for word in words)
    shifts = sorted(chance.randint(0, max(0, free)) for _ in words)
    sound = bytearray()
    for word, before, shift in zip(words, [0, *shifts], shifts, strict=False):
        sound += _silence(PAUSE + shift - before) + word
    return bytes(sound + _silence(LENGTH - len(sound)))


def _silence(samples: int) -> bytes:
    return bytes([128 - NOISE]) * samples


def _softer(loudness: float) -> bytes:
    """What becomes of each of the 256 levels."""
    levels = (round((level - 128) * loudness) + 128 - NOISE for level in range(256))
    return bytes(min(max(0, level), 255 - 2 * NOISE) for level in levels)


_SOFTER = [_softer(loudness) for loudness in LOUDNESS]
_HISS = bytes(level * (2 * NOISE + 1) // 256 for level in range(256))


def _wav(samples: bytes) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(RATE)
        sound.writeframes(samples)
    return file.getvalue()


def _ready_atlas() -> Atlas:
    if not _atlas:
        with _atlas_lock:
            if not _atlas:  # whoever waited finds it made
                _atlas.update({digit: _at_every_speed(recording(digit)) for digit in "0123456789"})
    return _atlas


def recording(digit: str) -> bytes:
    """The samples of one digit, as it was recorded.

    Raises:
        ValueError: the file is of another kind than RATE, mono, 8 bits.
    """
    with wave.open(str(RECORDINGS / f"{digit}.wav"), "rb") as sound:
        if (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) != (RATE, 1, 1):
            raise ValueError(f"{digit}.wav: it has to be mono, 8 bits, {RATE} samples a second")
        return sound.readframes(sound.getnframes())


def _at_every_speed(samples: bytes) -> list[bytes]:
    return [_faster(samples, speed) for speed in SPEEDS]


def _faster(samples: bytes, speed: float) -> bytes:
    """Each new sample lies between two old ones, in proportion."""
    count = int((len(samples) - 1) / speed)
    places = (place * speed for place in range(count))
    return bytes(
        round(samples[int(at)] + (at % 1) * (samples[int(at) + 1] - samples[int(at)])) for at in places
    )
