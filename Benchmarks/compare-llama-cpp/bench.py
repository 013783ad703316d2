"""Tests in tokens per second, by `realizar bench` beside llama-bench and llama-batched-bench."""

import contextlib
import dataclasses
import json
import os
import subprocess
import sys
import typing


@dataclasses.dataclass
class Row:
    test: str
    unit: str
    #: side -> value
    measure: typing.Callable


def output(command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\nended with status {done.returncode}:\n{done.stderr[-2000:]}")
    return done.stdout


def realizar_speed(arguments, model, *counts, isa=None):
    options = ["-t", arguments.threads, "-r", 1, "--format", "json", *(["--cpu", isa] if isa else [])]
    (result,) = json.loads(output([arguments.realizar, "bench", model, *counts, *options]))["results"]
    return result["tokens_per_second"]


def llama_speed(arguments, model, *counts, folder=None):
    program = f"{folder or arguments.llama}/llama-bench"
    (result,) = json.loads(output([program, "-m", model, *counts, "-t", arguments.threads, "-r", 1, "-o", "json"]))
    return result["avg_ts"]


def speed(arguments, model, side, *counts):
    return (realizar_speed if side == "realizar" else llama_speed)(arguments, model, *counts)


def prompt_counts(arguments):
    return ["-p", arguments.prompt, "-n", 0]


def generation_counts(arguments):
    return ["-p", 0, "-n", arguments.generated]


def prefill(arguments, model):
    yield Row(f"pp{arguments.prompt}", "tokens/s",
              lambda side: speed(arguments, model, side, *prompt_counts(arguments)))


def decode(arguments, model):
    yield Row(f"tg{arguments.generated}", "tokens/s",
              lambda side: speed(arguments, model, side, *generation_counts(arguments)))


DEPTH_TOKENS = 32


def depth(arguments, model):
    for behind in arguments.depths:
        counts = ["-p", 0, "-n", DEPTH_TOKENS, "-d", behind]
        yield Row(f"tg{DEPTH_TOKENS}@d{behind}", "tokens/s",
                  lambda side, counts=counts: speed(arguments, model, side, *counts))


BATCH_PROMPT, BATCH_TOKENS = 128, 64


def batch(arguments, model):
    for sequences in arguments.sequences:
        yield Row(f"tg{BATCH_TOKENS}x{sequences}@d{BATCH_PROMPT}", "tokens/s, all together",
                  lambda side, sequences=sequences: batch_speed(arguments, model, side, sequences))


def batch_speed(arguments, model, side, sequences):
    if side == "realizar":
        return realizar_speed(arguments, model, "-p", 0, "-n", BATCH_TOKENS, "-d", BATCH_PROMPT, "-s", sequences)
    # The program ends without waiting for its log's last line, so a short run of one sequence follows the one that counts.
    text = output([
        f"{arguments.llama}/llama-batched-bench", "-m", model, "-npp", BATCH_PROMPT, "-ntg", BATCH_TOKENS,
        "-npl", f"{sequences},1", "-c", sequences * (BATCH_PROMPT + BATCH_TOKENS), "-t", arguments.threads,
        "--output-format", "jsonl"])
    return json.loads(text.splitlines()[0])["speed_tg"]


def busy(arguments, model):
    for name, counts in [
        (f"pp{arguments.prompt}", prompt_counts(arguments)), (f"tg{arguments.generated}", generation_counts(arguments)),
    ]:
        yield Row(f"{name}, one core busy", "% of own idle speed",
                  lambda side, counts=counts: share_when_busy(arguments, model, side, counts))


def share_when_busy(arguments, model, side, counts):
    idle = speed(arguments, model, side, *counts)
    with busy_core():
        return 100 * speed(arguments, model, side, *counts) / idle


@contextlib.contextmanager
def busy_core():
    """Keeps the last of the allowed CPUs busy."""
    spinner = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        os.sched_setaffinity(spinner.pid, {max(os.sched_getaffinity(0))})
        yield
    finally:
        spinner.kill()
        spinner.wait()


def avx2(arguments, model):
    for name, counts in [
        (f"pp{arguments.prompt}", prompt_counts(arguments)), (f"tg{arguments.generated}", generation_counts(arguments)),
    ]:
        def measure(side, counts=counts):
            if side == "realizar":
                return realizar_speed(arguments, model, *counts, isa="avx2")
            return llama_speed(arguments, model, *counts, folder=arguments.llama_avx2)

        yield Row(f"{name}, AVX2", "tokens/s", measure)


TESTS = {"prefill": prefill, "decode": decode, "depth": depth, "batch": batch, "busy": busy, "avx2": avx2}
