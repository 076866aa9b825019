"""A place for rows of text that must not grow beyond a size."""

import io


class SizeLimitedBuffer(io.BytesIO):
    """Takes one row with each call of :meth:`write`, as PostgreSQL's ``COPY`` gives
    them, and keeps the first of them that fit.

    :param int limit: bytes
    """

    def __init__(self, limit):
        super().__init__()
        self.limit = limit
        self.count = 0  # rows kept
        self.is_cut = False

    def write(self, row):
        self.is_cut |= self.tell() + len(row) > self.limit
        if not self.is_cut:
            self.count += 1
            super().write(row)
        return len(row)
