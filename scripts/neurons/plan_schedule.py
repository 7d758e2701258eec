"""How long jobs that need each other take on so many cores."""

import heapq


def wall_seconds(jobs: list[tuple[float, list[str], list[str]]], cores: int) -> float:
    """Return the wall time of jobs of one core each on `cores` cores.

    A core that falls free takes the ready job with the longest chain of jobs after it, which comes close to the
    shortest time there is; Snakemake's own order may take a little longer.

    Parameters
    ----------
    jobs : (seconds, inputs, outputs) each, paths; an input that no job makes is there already.
    """
    maker = {path: number for number, (_, _, outputs) in enumerate(jobs) for path in outputs}
    needs = [{maker[path] for path in inputs if path in maker} for _, inputs, _ in jobs]
    after = [[] for _ in jobs]
    for number, own in enumerate(needs):
        for other in own:
            after[other].append(number)
    chain = _chains([seconds for seconds, _, _ in jobs], after, needs)
    missing = [len(own) for own in needs]
    ready = [(-chain[number], number) for number, count in enumerate(missing) if count == 0]
    heapq.heapify(ready)
    running, now = [], 0.0
    while ready or running:
        while ready and len(running) < cores:
            _, number = heapq.heappop(ready)
            heapq.heappush(running, (now + jobs[number][0], number))
        now, done = heapq.heappop(running)
        for number in after[done]:
            missing[number] -= 1
            if missing[number] == 0:
                heapq.heappush(ready, (-chain[number], number))
    return now


def _chains(seconds: list[float], after: list[list[int]], needs: list[set[int]]) -> list[float]:
    """Return for every job the seconds of the longest chain of jobs that it starts."""
    chain, open_ends = list(seconds), [len(own) for own in after]
    todo = [number for number, count in enumerate(open_ends) if count == 0]
    while todo:
        number = todo.pop()
        chain[number] = seconds[number] + max((chain[other] for other in after[number]), default=0.0)
        for other in needs[number]:
            open_ends[other] -= 1
            if open_ends[other] == 0:
                todo.append(other)
    return chain
