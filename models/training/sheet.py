"""A contact sheet: pictures with their captions below, wrong ones marked."""

import textwrap
from pathlib import Path

from PIL import Image, ImageDraw

COLUMNS, ENLARGE, TEXT_HEIGHT, GAP = 10, 2, 32, 6
WRONG, RIGHT = "#ff5050", "white"


def draw_sheet(file: Path, pictures: list[tuple[Image.Image, str, bool]]) -> None:
    """pictures: (image, caption, whether it is right). All images are of one size."""
    tile = pictures[0][0].width * ENLARGE
    width, height = tile + GAP, tile + TEXT_HEIGHT
    rows = -(-len(pictures) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * width, rows * height), "#606060")
    pen = ImageDraw.Draw(sheet)
    for index, (image, caption, is_right) in enumerate(pictures):
        x, y = index % COLUMNS * width, index // COLUMNS * height
        sheet.paste(image.resize((tile, tile), Image.Resampling.NEAREST), (x, y))
        ink = RIGHT if is_right else WRONG
        if not is_right:
            pen.rectangle((x, y, x + tile - 1, y + tile - 1), outline=WRONG, width=2)
        for line, text in enumerate(textwrap.wrap(caption, 24)[:3]):
            pen.text((x, y + tile + 9 * line), text, fill=ink, font_size=9)
    sheet.save(file)
