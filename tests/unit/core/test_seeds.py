from neurons.core.seeds import epoch_seed


def test_epoch_seeds_differ():
    assert len({epoch_seed(seed, epoch) for seed in range(20) for epoch in range(20)}) == 400
