import threading

import h5py
import numpy as np
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from neurons.dumps import chunks
from neurons.dumps.chunks import COMPRESSION, Rows, chunk_writer


def write(file, name, values, rows, block, threads):
    """Write `values` (N, n) in chunks of `rows` rows, `block` rows at a time."""
    data = file.create_dataset(name, values.shape, values.dtype, chunks=(rows, values.shape[1]), **COMPRESSION)
    with chunk_writer(threads) as put:
        target = Rows(data, put)
        for start in range(0, len(values), block):
            target.append(values[start : start + block])
        target.flush()
    return data


def stored(data) -> list:
    """Where each chunk of a dataset begins, and its bytes in the file."""
    offsets = [data.id.get_chunk_info(k).chunk_offset for k in range(data.id.get_num_chunks())]
    return [(offset, data.id.read_direct_chunk(offset)) for offset in sorted(offsets)]


@settings(max_examples=60, deadline=None)
@given(
    n=st.integers(1, 70),
    width=st.integers(1, 9),
    rows=st.integers(1, 20),
    block=st.integers(1, 40),
    threads=st.integers(1, 3),
    dtype=st.sampled_from(["f4", "f2"]),
    seed=st.integers(0, 1000),
)
def test_a_dataset_is_that_of_hdf5s_own_filter(n, width, rows, block, threads, dtype, seed):
    rows = min(rows, n)
    values = np.maximum(np.random.default_rng(seed).normal(size=(n, width)), 0).astype(dtype)
    with h5py.File(f"{seed}.h5", "w", driver="core", backing_store=False) as file:
        ours = write(file, "ours", values, rows, block, threads)
        own = file.create_dataset("own", data=values, chunks=(rows, width), **COMPRESSION)
        np.testing.assert_array_equal(ours[:], values)
        assert [offset for offset, _ in stored(ours)] == [offset for offset, _ in stored(own)]


@pytest.mark.parametrize("zeros, level", [(0.0, chunks.DENSE_LEVEL), (0.2, chunks.DENSE_LEVEL), (0.4, chunks.LEVEL)])
def test_values_that_are_seldom_0_are_compressed_faster(tmp_path, rng, zeros, level):
    values = rng.random((64, 32)).astype("f4") + 1
    values[rng.random(values.shape) < zeros] = 0
    with h5py.File(tmp_path / "a.h5", "w") as file:
        data = write(file, "a", values, rows=64, block=64, threads=1)
        np.testing.assert_array_equal(data[:], values)
        ((_, (_, frame)),) = stored(data)
    assert frame == zstandard.ZstdCompressor(level=level).compress(values)


def test_blocks_that_are_not_contiguous(tmp_path, rng):
    values = rng.random((40, 12)).astype("f4")
    with h5py.File(tmp_path / "a.h5", "w") as file:
        data = write(file, "a", values[:, ::2], rows=8, block=16, threads=2)
        np.testing.assert_array_equal(data[:], values[:, ::2])


def test_several_threads_compress_beside_one_another(tmp_path, rng, monkeypatch):
    together, compress = threading.Barrier(3, timeout=20), chunks.compress
    monkeypatch.setattr(chunks, "compress", lambda chunk: together.wait() >= 0 and compress(chunk))
    values = rng.random((36, 4)).astype("f4")
    with h5py.File(tmp_path / "a.h5", "w") as file:  # no thread gets past the barrier alone
        np.testing.assert_array_equal(write(file, "a", values, rows=6, block=7, threads=3)[:], values)


@pytest.mark.parametrize("threads", [1, 2])
def test_a_failed_compression_is_raised(tmp_path, rng, monkeypatch, threads):
    def fail(chunk):
        raise MemoryError("no room")

    monkeypatch.setattr(chunks, "compress", fail)
    with h5py.File(tmp_path / "a.h5", "w") as file, pytest.raises(MemoryError, match="no room"):
        write(file, "a", rng.random((40, 4)), rows=4, block=4, threads=threads)


def test_few_chunks_wait_to_be_written(tmp_path, rng, monkeypatch):
    waiting, most, guard, compress = 0, 0, threading.Lock(), chunks.compress

    class Counting(chunks.ThreadPoolExecutor):
        def submit(self, *arguments):
            nonlocal waiting, most
            with guard:
                waiting += 1
                most = max(most, waiting)
            return super().submit(*arguments)

    def slow(chunk):
        nonlocal waiting
        threading.Event().wait(0.002)
        with guard:
            waiting -= 1
        return compress(chunk)

    monkeypatch.setattr(chunks, "ThreadPoolExecutor", Counting)
    monkeypatch.setattr(chunks, "compress", slow)
    with h5py.File(tmp_path / "a.h5", "w") as file:
        write(file, "a", rng.random((300, 4)), rows=2, block=50, threads=2)
    assert 1 < most <= 2 * chunks.WAITING + 1
