"""Speed of realizar beside llama.cpp's, on the same files in one run.

    python compare.py REALIZAR LLAMA_BENCH MODEL.gguf... [--pairs 5] [-p 512] [-n 128] [-d 0] [-t 2]

Both sides take turns, so that a change of the machine's mood meets both; each figure is the median over the pairs, the ratio
is the median of the pairs' own ratios.
"""

import argparse
import json
import pathlib
import statistics
import subprocess


def run(command):
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def speeds(a, side, model, prompt, generated):
    counts = ["-p", str(prompt), "-n", str(generated), "-d", str(a.d), "-t", str(a.t), "-r", "1"]
    if side == "realizar":
        (result,) = run([a.realizar, "bench", model, *counts, "--format", "json"])["results"]
        return result["tokens_per_second"]
    (result,) = run([a.llama_bench, "-m", model, *counts, "-o", "json"])
    return result["avg_ts"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("realizar")
    parser.add_argument("llama_bench")
    parser.add_argument("models", nargs="+")
    parser.add_argument("--pairs", type=int, default=5)
    for name, value in [("-p", 512), ("-n", 128), ("-d", 0), ("-t", 2)]:
        parser.add_argument(name, type=int, default=value)
    a = parser.parse_args()
    print("| model | test | realizar, tokens/s | llama.cpp, tokens/s | ratio | lowest to highest ratio |")
    print("| --- | --- | --- | --- | --- | --- |")
    for model in a.models:
        for name, prompt, generated in [(f"pp{a.p}", a.p, 0), (f"tg{a.n}", 0, a.n)]:
            if prompt + generated == 0:
                continue
            pairs = [[speeds(a, side, model, prompt, generated) for side in ("realizar", "llama")] for _ in range(a.pairs)]
            ratios = [ours / theirs for ours, theirs in pairs]
            ours, theirs = (statistics.median(side) for side in zip(*pairs))
            name = name + (f" @ {a.d}" if a.d else "")
            print(
                f"| {pathlib.Path(model).stem} | {name} | {ours:.1f} | {theirs:.1f} | {statistics.median(ratios):.2f} "
                f"| {min(ratios):.2f} to {max(ratios):.2f} |", flush=True)


main()
