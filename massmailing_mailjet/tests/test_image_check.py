import io
import struct
import zlib

from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from odoo.tests import BaseCase, tagged

from ..tools.image_check import find_image_fault


def make_image(kind, size=(40, 30)):
    """Return the bytes of an image with something in it."""
    buffer = io.BytesIO()
    image = Image.effect_noise(size, 50).convert("L")
    image.save(buffer, kind)
    return buffer.getvalue()


def make_bomb(width, height):
    """Return a small PNG that says to be of this size."""

    def chunk(name, data):
        check = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + check

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(b"")))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + chunk(b"IEND", b"")


@tagged("post_install", "-at_install")
class TestImageCheck(BaseCase):
    """Whether an image can be shown."""

    def test_images_that_can_be_shown(self):
        for kind in ("PNG", "JPEG", "GIF", "BMP"):
            with self.subTest(kind):
                self.assertIsNone(find_image_fault(make_image(kind)))
        self.assertIsNone(find_image_fault(b"RIFF\0\0\0\0WEBPVP8 "))

    def test_images_that_are_cut_off_or_damaged(self):
        for kind in ("PNG", "JPEG", "GIF", "BMP"):
            content = make_image(kind)
            for cut in (20, len(content) // 2):
                with self.subTest(kind=kind, cut=cut):
                    self.assertEqual(find_image_fault(content[:cut]), "damaged")
        for content in (b"", b"no image", b"\x89PNG\r\n\x1a\n picture", b"GIF89a"):
            with self.subTest(content):
                self.assertEqual(find_image_fault(content), "damaged")

    def test_more_pixels_than_anyone_can_open(self):
        for size in ((50_001, 1_000), (60_000, 60_000), (2**31 - 1, 2**31 - 1)):
            with self.subTest(size):
                self.assertEqual(find_image_fault(make_bomb(*size)), "pixels")

    @given(st.data(), st.sampled_from(("PNG", "JPEG", "GIF", "BMP")))
    @settings(max_examples=200, deadline=None)
    def test_kinds_of_damage_are_distinguished(self, data, kind):
        content = bytearray(make_image(kind))
        for _change in range(data.draw(st.integers(1, 5))):
            place = data.draw(st.integers(0, min(len(content) - 1, 200)))
            content[place] = data.draw(st.integers(0, 255))
        self.assertIn(find_image_fault(bytes(content)), (None, "damaged", "pixels"))
