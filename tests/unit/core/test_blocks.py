from neurons.core.blocks import count_rows


def test_count_rows_beyond_a_byte(rng):
    mask = rng.random((1000, 3)) < 0.9
    assert count_rows(mask).tolist() == mask.sum(axis=0).tolist()
