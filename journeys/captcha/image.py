"""The picture of a code. Digits are shaped once per process; a picture only pastes them.

Loading a font and turning letters for every picture is what makes the usual captcha dear.
"""

import math
import random
import struct
import zlib
from collections.abc import Iterator
from itertools import accumulate, product
from pathlib import Path
from threading import Lock

import captcha
from PIL import Image, ImageDraw, ImageFont

from guards.keyed import keyed_hash

SIZE = WIDTH, HEIGHT = 440, 144  # pixels; shown at half of this, to be sharp on fine screens
# Four shades are enough for smooth edges, and they pack four pixels into a byte.
PALETTE = [255, 255, 255, 178, 182, 188, 98, 104, 114, 24, 30, 42]
INK = 3
TURNS = range(-18, 19, 6)  # degrees, clockwise
SLANTS = (-0.18, 0.12)  # pixels to the right for each pixel upwards
# A 1 without a foot and a 7 with an upright stem are taken for each other.
PLAIN = "17"
PLAIN_TURNS = range(-4, 9, 4)
PLAIN_SLANTS = (0.0, 0.12)
MARGIN = 4  # pixels kept free at both sides
WANDER = 16  # pixels up or down from the middle
LINES = 3
DOTS = 40

Atlas = dict[str, list[Image.Image]]
_atlas: Atlas = {}
_atlas_lock = Lock()


def draw(digits: str, key: str) -> bytes:
    """A PNG of six digits, SIZE pixels.

    The same key gives the same picture, or else its noise could be averaged away by asking for it
    again and again. The seed is a secret one and the generator is local: a key, which is public,
    tells nothing about the picture, and drawing disturbs no other use of chance.
    """
    chance = random.Random(keyed_hash("captcha image", key))  # noqa: S311 - decoration, no secret
    picture = Image.new("P", SIZE, 0)
    _scratch(ImageDraw.Draw(picture), chance)
    _write(picture, digits, chance)
    return _png(picture)


def _write(picture: Image.Image, digits: str, chance: random.Random) -> None:
    atlas = _ready_atlas()
    shapes = [chance.choice(atlas[digit]) for digit in digits]
    starts = accumulate((shape.width for shape in shapes), initial=MARGIN)
    free = max(0, WIDTH - 2 * MARGIN - sum(shape.width for shape in shapes))
    shifts = sorted(chance.randint(0, free) for _ in shapes)
    for shape, start, shift in zip(shapes, starts, shifts, strict=False):
        middle = (HEIGHT - shape.height) // 2
        top = middle + chance.randint(-WANDER, WANDER)
        picture.paste(INK, (start + shift, top), shape)


def _scratch(pen: ImageDraw.ImageDraw, chance: random.Random) -> None:
    """Lines and dots, thinner than a digit's strokes: they trouble programs more than eyes."""
    for _ in range(LINES):
        ends = [(-5, chance.randrange(HEIGHT)), (WIDTH + 5, chance.randrange(HEIGHT))]
        pen.line(ends, fill=INK, width=3)
    left, top = chance.randrange(-80, 80), chance.randrange(-30, 60)
    box = [left, top, left + chance.randrange(300, 420), top + chance.randrange(70, 120)]
    pen.arc(box, chance.randrange(360), chance.randrange(360, 720), fill=INK, width=3)
    for _ in range(DOTS):
        x, y = chance.randrange(WIDTH), chance.randrange(HEIGHT)
        pen.rectangle([x, y, x + 2, y + 2], fill=INK)


def _png(picture: Image.Image) -> bytes:
    """A PNG of two bits a pixel. Pillow writes the same one, in twice the time.

    Run lengths suit these pictures: as small as the best effort, four times quicker.
    """
    packed = picture.tobytes("raw", "P;2")
    row = WIDTH // 4
    lines = b"".join(b"\0" + packed[at : at + row] for at in range(0, len(packed), row))
    deflate = zlib.compressobj(level=1, strategy=zlib.Z_RLE)
    pixels = deflate.compress(lines) + deflate.flush()
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 2, 3, 0, 0, 0)
    parts = (b"IHDR", header), (b"PLTE", bytes(PALETTE)), (b"IDAT", pixels), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in parts)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _ready_atlas() -> Atlas:
    if not _atlas:
        with _atlas_lock:
            if not _atlas:  # whoever waited finds it made
                _atlas.update({digit: list(_shapes(digit)) for digit in "0123456789"})
    return _atlas


def _shapes(digit: str) -> Iterator[Image.Image]:
    """Masks of one digit, each cropped to its ink."""
    turns, slants = (PLAIN_TURNS, PLAIN_SLANTS) if digit in PLAIN else (TURNS, SLANTS)
    for font, turn, slant in product(_fonts(digit), turns, slants):
        side = int(font.size * 1.5)
        upright = Image.new("L", (side, side))
        middle = (side / 2, side / 2)
        ImageDraw.Draw(upright).text(middle, digit, 255, font, anchor="mm", stroke_width=1)
        leaning = upright.transform(
            upright.size,
            Image.Transform.AFFINE,
            _lean(math.radians(turn), slant, side / 2),
            Image.Resampling.BICUBIC,
        )
        yield leaning.crop(leaning.getbbox())


def _lean(turn: float, slant: float, centre: float) -> tuple[float, ...]:
    """Coefficients (a, b, c, d, e, f) of a slant followed by a turn, both around the centre."""
    a, b = math.cos(turn), math.cos(turn) * slant + math.sin(turn)
    d, e = -math.sin(turn), math.cos(turn) - math.sin(turn) * slant
    return a, b, centre * (1 - a - b), d, e, centre * (1 - d - e)


def _fonts(digit: str) -> list[ImageFont.FreeTypeFont]:
    """Typefaces that are on every machine: the ones our two libraries bring along."""
    vera = Path(captcha.__file__).parent / "fonts" / "Vera.ttf"
    fonts = [ImageFont.truetype(vera, 82), ImageFont.truetype(vera, 90)]
    own = ImageFont.load_default(96)
    if digit not in PLAIN and isinstance(own, ImageFont.FreeTypeFont):
        fonts.append(own)
    return fonts
