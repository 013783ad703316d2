"""Realizar beside llama.cpp on the same files: speed, start, memory. README.md says what each test compares.

    python compare.py REALIZAR LLAMA_FOLDER MODEL.gguf... [--tests prefill,decode] [--pairs 5] [--json FILE]

Needs nothing but Python 3.9 and Linux. Prints the Markdown table of docs/performance.md, row by row as they are measured.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import signal
import statistics
import subprocess
import sys

import bench
import serve

TESTS = {**bench.TESTS, **serve.TESTS}
SIDES = ("realizar", "llama.cpp")
HEADER = ["model", "test", "unit", *SIDES, "ratio", "lowest to highest ratio", "pairs"]


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("realizar", help="the binary")
    parser.add_argument("llama", metavar="llama_folder", help="the folder of llama.cpp's binaries")
    parser.add_argument("models", nargs="+", help=".gguf files")
    parser.add_argument("--tests", default="prefill,decode", help=f"of {','.join(TESTS)} (default: %(default)s)")
    parser.add_argument("--pairs", type=int, default=5, help="measurements of each side (default: %(default)s)")
    parser.add_argument("--json", help="write everything here")
    parser.add_argument("--llama-avx2", metavar="DIR", help="binaries of llama.cpp built for AVX2, for the test avx2")
    allowed = len(os.sched_getaffinity(0))
    parser.add_argument("-t", "--threads", type=int, default=allowed, help="default: the CPUs allowed, here %(default)s")
    parser.add_argument("-p", "--prompt", type=int, default=512, help="tokens of a prompt (default: %(default)s)")
    parser.add_argument("-n", "--generated", type=int, default=128, help="tokens to generate (default: %(default)s)")
    parser.add_argument("--depths", type=numbers, default=[4096], help="for the test depth (default: 4096)")
    parser.add_argument("--sequences", type=numbers, default=[8, 16], help="for the test batch (default: 8,16)")
    arguments = parser.parse_args()
    arguments.tests = arguments.tests.split(",")
    if unknown := set(arguments.tests) - set(TESTS):
        parser.error(f"no test is called {', '.join(sorted(unknown))}; there are {', '.join(TESTS)}")
    if "avx2" in arguments.tests and not arguments.llama_avx2:
        parser.error("the test avx2 needs --llama-avx2 DIR")
    if arguments.pairs < 1:
        parser.error(f"--pairs is {arguments.pairs}, but must be at least 1")
    return arguments


def numbers(text):
    return [int(part) for part in text.split(",")]


def measure(row, pairs):
    """By turns, the order turned round in every second pair, so that a change of the machine's mood meets both sides."""
    found = []
    for pair in range(pairs):
        values = {}
        for side in SIDES if pair % 2 == 0 else reversed(SIDES):
            values[side] = row.measure(side)
            print(f"{row.test}, pair {pair + 1} of {pairs}, {side}: {values[side]:.4g} {row.unit}", file=sys.stderr)
        found.append(values)
    ratios = [values[SIDES[0]] / values[SIDES[1]] for values in found]
    return {
        "test": row.test, "unit": row.unit, "pairs": found,
        "medians": {side: statistics.median(values[side] for values in found) for side in SIDES},
        "ratio": statistics.median(ratios), "lowest": min(ratios), "highest": max(ratios),
    }


def table_row(result):
    def shown(value):
        return f"{value:.1f}" if value >= 10 else f"{value:.2f}"

    def ratio(value):
        return f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"

    return [
        result["model"], result["test"], result["unit"], *(shown(result["medians"][side]) for side in SIDES),
        ratio(result["ratio"]), f"{ratio(result['lowest'])} to {ratio(result['highest'])}", str(len(result["pairs"])),
    ]


def line(cells):
    return "| " + " | ".join(cells) + " |"


def machine():
    models = {
        text.split(":", 1)[1].strip() for text in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
        if text.startswith("model name")}
    return {
        "cpu": ", ".join(sorted(models)), "allowed_cpus": len(os.sched_getaffinity(0)), "kernel": platform.release(),
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
    }


def version(command):
    done = subprocess.run([*command, "--version"], capture_output=True, text=True)
    return (done.stdout + done.stderr).strip().splitlines()[0]


def main():
    arguments = parse_arguments()
    # Ends by the way that ends children too: one left behind would run beside the next measurement.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    report = {
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "machine": machine(),
        "versions": {
            "realizar": version([arguments.realizar]), "llama.cpp": version([f"{arguments.llama}/llama-bench"])},
        "arguments": vars(arguments), "results": [],
    }
    print(f"{report['date'][:10]}, {report['machine']['cpu']}, {arguments.threads} threads; "
          f"{report['versions']['realizar']}, llama.cpp {report['versions']['llama.cpp']}\n")
    print(line(HEADER) + "\n" + line(["---"] * len(HEADER)), flush=True)
    for model in arguments.models:
        for name in arguments.tests:
            for row in TESTS[name](arguments, model):
                result = {"model": pathlib.Path(model).stem, **measure(row, arguments.pairs)}
                report["results"].append(result)
                print(line(table_row(result)), flush=True)
                if arguments.json:
                    pathlib.Path(arguments.json).write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
