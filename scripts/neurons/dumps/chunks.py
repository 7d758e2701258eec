"""Writing rows to a chunked HDF5 dataset, compressed on several threads.

HDF5 runs its filters on one thread. Here whole chunks are compressed beside one another and handed over as they are to
lie in the file, frames that HDF5's own Zstandard filter reads.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import h5py
import hdf5plugin
import numpy as np
import zstandard

# Measured on MNIST's ReLU outputs (benchmarks/README.md): level 1 without shuffling is as small as level 3
# and faster, and both beat gzip, lzf, lz4 and every shuffled filter in size.
LEVEL = 1
# Of chunks of which more than this share is not 0: three to five times as fast, and up to a quarter larger.
DENSE_LEVEL, DENSE = -10, 0.7
COMPRESSION = hdf5plugin.Zstd(clevel=LEVEL)
WAITING = 2  # chunks a thread that may wait to be written


def compress(chunk: np.ndarray) -> bytes:
    """Return a chunk as HDF5's Zstandard filter stores it: one frame that holds its size.

    Outputs averaged over maps, as of large CNNs, are seldom 0 and shrink little, which is not worth the network's time.
    """
    dense = np.count_nonzero(chunk) > DENSE * chunk.size
    return zstandard.ZstdCompressor(level=DENSE_LEVEL if dense else LEVEL).compress(chunk)


@contextmanager
def chunk_writer(threads: int):
    """Yield `put(dataset, row, chunk)`, which compresses a whole chunk and writes it at `row`, on so many threads.

    On one thread a chunk is written at once, on several in the order of the calls while more are being compressed.
    All are written when the block ends without an exception.
    """
    if threads == 1:
        yield lambda dataset, row, chunk: dataset.id.write_direct_chunk((row, 0), compress(chunk))
        return
    waiting: deque[tuple[h5py.Dataset, int, Future]] = deque()

    def write_first() -> None:
        dataset, row, compressed = waiting.popleft()
        dataset.id.write_direct_chunk((row, 0), compressed.result())

    with ThreadPoolExecutor(threads) as pool:

        def put(dataset: h5py.Dataset, row: int, chunk: np.ndarray) -> None:
            waiting.append((dataset, row, pool.submit(compress, chunk)))
            while len(waiting) > WAITING * threads or waiting and waiting[0][2].done():
                write_first()

        try:
            yield put
            while waiting:
                write_first()
        finally:
            for *_, compressed in waiting:
                compressed.cancel()


class Rows:
    """Rows of a chunked two-dimensional dataset, written in order, as many at a time as come.

    Parameters
    ----------
    dataset : of shape (N, n) in chunks of (rows, n), compressed by `COMPRESSION` and nothing else.
    put : of `chunk_writer`.
    """

    def __init__(self, dataset: h5py.Dataset, put: Callable):
        self._dataset, self._put = dataset, put
        self._start = self._filled = 0
        self._chunk = None

    def append(self, values: np.ndarray) -> None:
        """Write the next rows, (B, n), of the dataset's own type; they must not be changed afterwards."""
        rows = self._dataset.chunks[0]
        done = 0
        while done < len(values):
            taken = min(rows - self._filled, len(values) - done)
            if taken == rows:  # as it is, without a copy
                self._put(self._dataset, self._start, np.ascontiguousarray(values[done : done + rows]))
                self._start, done = self._start + rows, done + rows
                continue
            if self._filled == 0:
                self._chunk = np.zeros(self._dataset.chunks, self._dataset.dtype)  # the last one ends in zeros
            self._chunk[self._filled : self._filled + taken] = values[done : done + taken]
            self._filled, done = self._filled + taken, done + taken
            if self._filled == rows:
                self.flush()

    def flush(self) -> None:
        """Write the rows that do not fill a chunk, if there are any; none may follow them."""
        if self._filled:
            self._put(self._dataset, self._start, self._chunk)
            self._start, self._filled = self._start + self._filled, 0
