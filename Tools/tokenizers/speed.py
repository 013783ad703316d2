#!/usr/bin/env python3
"""Measures tokenizing beside the tokenizers library: one thread each, by turns, the same vocabulary and texts.

    pip install tokenizers==0.23.3 gguf
    python3 Tools/tokenizers/speed.py make FOLDER FILE_OR_FOLDER ...    # a vocabulary of 128,000 and the texts
    python3 Tools/tokenizers/speed.py run FOLDER REALIZAR [PAIRS]       # speed, long runs of one thing, opening

`make` trains on the given files (sources and documentation), so that the texts are such as the vocabulary was made for.
Times are seconds of processor (user and system). Those of realizar are of the whole program, from reading its input to
writing the ids, less those of the same program with an empty text; those of the library are of `encode` alone, the whole text
in one call or all its lines in a batch, whichever takes less.
"""
import json
import os
import resource
import statistics
import subprocess
import sys
import time

MEGABYTE = 1_000_000
VOCABULARY = 128_000
CODE, PROSE = (".py", ".swift", ".c", ".h", ".js"), (".rst", ".txt", ".md", ".html")
LIBRARY = """
import json, resource, sys
from tokenizers import Tokenizer
tokenizer = Tokenizer.from_file(sys.argv[1])
text = open(sys.argv[2], encoding="utf-8", newline="").read()
def seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
def measure(encode):
    start = seconds()
    count = encode()
    return seconds() - start, count
whole, count = measure(lambda: len(tokenizer.encode(text, add_special_tokens=False).ids))
lines, _ = measure(lambda: sum(len(e.ids) for e in tokenizer.encode_batch(text.splitlines(True), add_special_tokens=False)))
print(json.dumps([whole, lines, count]))
"""


def gather(paths, endings, limit):
    """Texts of the files with these endings, `limit` bytes at most, each file once."""
    texts, size = [], 0
    for root in paths:
        files = [root] if os.path.isfile(root) else sorted(
            os.path.join(folder, name) for folder, _, names in os.walk(root) for name in names)
        for path in files:
            if not path.endswith(endings) or size >= limit:
                continue
            with open(path, encoding="utf-8", errors="ignore", newline="") as file:
                text = file.read(MEGABYTE)
            texts.append(text)
            size += len(text.encode())
    return texts


def write_text(path, texts):
    """Ten megabytes, from the start again where there is less."""
    data = "".join(texts).encode()
    if not data:
        sys.exit(f"no files for {path}")
    repeated = (data * (10 * MEGABYTE // len(data) + 1))[: 10 * MEGABYTE]
    with open(path, "wb") as file:
        file.write(repeated.decode("utf-8", "ignore").encode())
    print(f"{path}: {min(len(data), 10 * MEGABYTE) / MEGABYTE:.1f} MB that are not repeated")


def make(folder, paths):
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from compare import CONFIGURATION, byte_level, split, write_weights
    from train import LLAMA3
    os.makedirs(f"{folder}/model", exist_ok=True)
    code, prose = gather(paths, CODE, 30 * MEGABYTE), gather(paths, PROSE, 30 * MEGABYTE)
    write_text(f"{folder}/code.txt", code)
    write_text(f"{folder}/prose.txt", prose)
    tokenizer = Tokenizer(models.BPE(ignore_merges=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([split(LLAMA3), byte_level()])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(code + prose, trainers.BpeTrainer(
        vocab_size=VOCABULARY, min_frequency=1, special_tokens=["<|begin_of_text|>", "<|end_of_text|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    tokenizer.save(f"{folder}/model/tokenizer.json")
    size = tokenizer.get_vocab_size()
    with open(f"{folder}/model/config.json", "w") as file:
        json.dump(CONFIGURATION | {"vocab_size": size}, file)
    write_weights(f"{folder}/model/model.safetensors")
    write_gguf(f"{folder}/model.gguf", json.loads(tokenizer.to_str())["model"])
    print(f"{size} tokens")


def write_gguf(path, model):
    import gguf
    tokens = sorted(model["vocab"], key=model["vocab"].get)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("llama-bpe")
    writer.add_token_list(tokens)
    writer.add_token_types([3 if token.startswith("<|") and token.endswith("_of_text|>") else 1 for token in tokens])
    writer.add_token_merges([merge if isinstance(merge, str) else " ".join(merge) for merge in model["merges"]])
    writer.add_bos_token_id(0)
    writer.add_eos_token_id(1)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()


def children():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def realizar(program, model, data):
    """Processor seconds, seconds by the clock, ids."""
    cpu, clock = children(), time.perf_counter()
    done = subprocess.run([program, "tokenize", model, "--no-special"], input=data, stdout=subprocess.PIPE, check=True)
    return children() - cpu, time.perf_counter() - clock, len(done.stdout.split())


def library(folder, text):
    environment = os.environ | {"RAYON_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
    done = subprocess.run(
        [sys.executable, "-c", LIBRARY, f"{folder}/model/tokenizer.json", text], stdout=subprocess.PIPE, check=True,
        env=environment)
    return json.loads(done.stdout)


def run(folder, program, pairs):
    models = {"tokenizer.json": f"{folder}/model", "GGUF": f"{folder}/model.gguf"}
    opening = {}
    for name, model in models.items():
        runs = [realizar(program, model, b"") for _ in range(7)]
        opening[name] = statistics.median(cpu for cpu, _, _ in runs)
        clock = statistics.median(clock for _, clock, _ in runs)
        print(f"whole program, empty text, {name}: {opening[name] * 1000:.0f} ms of processor, {clock * 1000:.0f} ms")
    for kind in ("prose", "code"):
        path = f"{folder}/{kind}.txt"
        with open(path, "rb") as file:
            data = file.read()
        ours, theirs = [], []
        for _ in range(pairs):
            cpu, _, count = realizar(program, models["GGUF"], data)
            ours.append(cpu - opening["GGUF"])
            whole, lines, expected = library(folder, path)
            theirs.append(min(whole, lines))
            assert count == expected, f"{kind}: {count} ids, the library has {expected}"
        ratio = statistics.median(b / a for a, b in zip(ours, theirs))
        print(
            f"{kind}, 10 MB: {statistics.median(ours):.2f} s here, {statistics.median(theirs):.2f} s in the library,"
            f" median of the ratios {ratio:.1f} (lowest {min(b / a for a, b in zip(ours, theirs)):.1f})")
    runs = {
        "one letter": "a", "spaces": " ", "emoji": "🙂", "joined emoji": "👩🏽\u200d🚀", "digits": "7", "line ends": "\n",
        "punctuation": "!", "marks": "\u0301", "control characters": "\x00", "ideographs": "漢", "text like a token": "<|end_of_",
    }
    for name, unit in runs.items():
        seconds = []
        for size in (1, 2, 4):
            data = (unit * (size * MEGABYTE // len(unit.encode()))).encode()
            once = min(realizar(program, models["GGUF"], data)[0] for _ in range(3))
            seconds.append(max(once - opening["GGUF"], 0.001))
        print(f"{name}, 1, 2 and 4 MB: " + ", ".join(f"{s:.3f} s" for s in seconds)
              + f"; four times the text takes {seconds[2] / seconds[0]:.1f} times as long")


if sys.argv[1:2] == ["make"] and len(sys.argv) > 3:
    make(sys.argv[2], sys.argv[3:])
elif sys.argv[1:2] == ["run"] and len(sys.argv) in (4, 5):
    run(sys.argv[2], sys.argv[3], int(sys.argv[4]) if len(sys.argv) > 4 else 5)
else:
    sys.exit(__doc__)
