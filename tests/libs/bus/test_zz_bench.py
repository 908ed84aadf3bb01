import asyncio
import cProfile
import os
import pstats
import time

from bus.consumer import Consumer
from support.bus import *


async def test_bench(corner):
    N = 60000
    evs = [person() for _ in range(N)]
    t = time.time()
    c = time.process_time()
    for i in range(0, N, 4000):
        await corner.publish(*evs[i : i + 4000])
    print("PUBLISH/s", N / (time.time() - t), "cpu/s", N / (time.process_time() - c))
    t = time.time()
    c = time.process_time()
    await corner.relay()
    print("RELAY/s", N / (time.time() - t), "cpu/s", N / (time.process_time() - c))
    total = 0
    done = asyncio.Event()

    async def handle(work, reads):
        nonlocal total
        total += len(reads)
        if total >= N:
            done.set()

    cons = Consumer("scoring", as_batches(handle), corner.sessions, corner.kafka)
    pr = cProfile.Profile() if os.environ.get("PROF") else None
    async with running(cons.run):
        while not cons.assigned:
            await asyncio.sleep(0.01)
        t = time.time()
        c = time.process_time()
        if pr:
            pr.enable()
        await asyncio.wait_for(done.wait(), 100)
        await eventually(lambda: allin(corner, N))
        if pr:
            pr.disable()
        print("CONSUME/s", N / (time.time() - t), "cpu/s", N / (time.process_time() - c))
    if pr:
        pstats.Stats(pr).sort_stats("tottime").print_stats(22)


async def allin(corner, n):
    return await corner.count("inbox") >= n
