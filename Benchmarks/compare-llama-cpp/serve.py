"""Tests of the two servers, by one client: the time from start to the first token, and memory of their own."""

import contextlib
import http.client
import json
import pathlib
import random
import re
import socket
import subprocess
import tempfile
import time

from bench import Row

CONTEXT = 2048
START_PROMPT = 32
MEMORY_PROMPT, MEMORY_TOKENS = 1500, 200

#: Ordinary tokens in every vocabulary: special ones and single bytes come first or last.
TOKEN_IDS = range(300, 2000)


def start(arguments, model):
    def measure(side):
        with open(model, "rb") as file:  # into the page cache
            while file.read(1 << 24):
                pass
        began = time.monotonic()
        with server(arguments, model, side) as (port, process):
            for _ in completion(port, process, START_PROMPT, 1):
                return 1000 * (time.monotonic() - began)
        raise SystemExit(f"{side} generated nothing")

    yield Row("process start to first token", "ms, less is better", measure)


def memory(arguments, model):
    for name, options in [("memory beside the file", []), ("the same, llama.cpp --no-repack", ["--no-repack"])]:
        def measure(side, options=options):
            with server(arguments, model, side, options) as (port, process):
                for _ in completion(port, process, MEMORY_PROMPT, MEMORY_TOKENS):
                    pass
                return anonymous_megabytes(process.pid)

        yield Row(name, "MB, less is better", measure)


TESTS = {"start": start, "memory": memory}


def anonymous_megabytes(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"RssAnon:\s*(\d+) kB", status)[1]) * 1024 / 1e6


@contextlib.contextmanager
def server(arguments, model, side, llama_options=()):
    """A server just started, most likely not ready yet."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    if side == "realizar":
        command = [arguments.realizar, "serve", "--model", model, "--parallel", 1, "--context-length", CONTEXT]
    else:
        command = [f"{arguments.llama}/llama-server", "-m", model, "-np", 1, "-c", CONTEXT, *llama_options]
    command += ["--port", port, "-t", arguments.threads]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen([str(part) for part in command], stdout=log, stderr=log)
        try:
            yield port, process
        except ServerEnded:
            log.seek(0)
            text = log.read()[-2000:].decode(errors="replace")
            raise SystemExit(f"{' '.join(map(str, command))}\nended with status {process.returncode}:\n{text}")
        finally:
            process.kill()
            process.wait()


class ServerEnded(Exception):
    pass


def completion(port, process, prompt_count, token_count):
    """Events of one greedy completion of random tokens, asked for again until the server is ready."""
    tokens = random.Random(1)
    body = json.dumps({
        "prompt": [tokens.choice(TOKEN_IDS) for _ in range(prompt_count)], "max_tokens": token_count,
        "temperature": 0, "ignore_eos": True, "stream": True, "stream_options": {"include_usage": True}})
    while True:
        if process.poll() is not None:
            raise ServerEnded
        connection = http.client.HTTPConnection("127.0.0.1", port)
        with contextlib.closing(connection):
            try:
                connection.request("POST", "/v1/completions", body, {"Content-Type": "application/json"})
                response = connection.getresponse()
            except (ConnectionError, http.client.HTTPException):
                time.sleep(0.002)
                continue
            if response.status == 503:  # loading
                time.sleep(0.002)
                continue
            if response.status != 200:
                raise SystemExit(f"status {response.status}: {response.read(2000).decode(errors='replace')}")
            event = {}
            for line in response:
                if line.startswith(b"data: {"):
                    event = json.loads(line[len("data: "):])
                    yield event
            usage = event.get("usage") or {}
            if (usage.get("prompt_tokens"), usage.get("completion_tokens")) != (prompt_count, token_count):
                raise SystemExit(f"asked for {prompt_count} + {token_count} tokens, and got {event}")
            return
