#!/usr/bin/env python3
"""Trains small tokenizers in the forms that models are published with, and writes what the library answers.

    pip install tokenizers==0.23.3 sentencepiece==0.2.3
    python3 Tools/tokenizers/make_published.py Tests/Fixtures/huggingface

Each folder gets tokenizer.json, and cases.json: texts, the ids with special tokens recognised and added, the ids decoded.
"""
import json
import os
import sys

import tokenizers
from tokenizers import AddedToken, Regex, Tokenizer, decoders, normalizers, pre_tokenizers, processors, trainers
from tokenizers.models import BPE

from train import LLAMA3, QWEN2, TRAINING

CASES = [
    "", " ", "  ", "Hello", " Hello", "  Hello  world ", "Hello world", "\n\n a\tb\r\n", "▁▁ ▁x", "1234567 12 3",
    "It's what they're saying; WE'VE seen it", "def f(x):\n    return x  # 12", "Ça va? Größe naïve café",
    "Cafe\u0301 A\u030a \u1e9b\u0323 \uac00\u11a8", "Привет, мир! 你好，世界。", "مرحبا नमस्ते 안녕하세요", "🚀🚀 ✅ 😀🤷🏽‍♀️",
    "<s>", "<s>Hello</s>", "a<s> b </s>c", "<s><s> x", "x <|user|>  y<|user|>\n\n z", "<tag>  text</tag> more",
    "<|user|>", "tag <tag>", "\u0000\u0001\u007f", "ſs'S 'ſ", "the the the", "token tokens tokenss", "\u00a0\u3000 wide",
]


def byte_level(name, steps, **options):
    tokenizer = Tokenizer(BPE(ignore_merges=options.get("ignore_merges", False)))
    tokenizer.normalizer = options.get("normalizer")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(steps) if len(steps) > 1 else steps[0]
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=500, special_tokens=["<unk>", "<s>", "</s>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False)
    tokenizer.train_from_iterator(TRAINING.splitlines(True), trainer)
    finish(tokenizer)
    return tokenizer


def finish(tokenizer):
    """Tokens behind the vocabulary: one that takes the space behind it, and two that are text."""
    tokenizer.add_special_tokens([AddedToken("<|user|>", rstrip=True, normalized=False, special=True)])
    tokenizer.add_tokens([AddedToken("<tag>", normalized=False), AddedToken("</tag>", normalized=False, rstrip=True)])


def begin(tokenizer, end=False):
    single = "<s> $A" + (" </s>" if end else "")
    ids = [(t, tokenizer.token_to_id(t)) for t in ("<s>", "</s>")]
    return processors.TemplateProcessing(single=single, pair=single + " $B:1", special_tokens=ids)


def characters(normalizer, pre_tokenizer, decoder, spaces_inside):
    """The vocabulary of SentencePiece's kind: bytes first, merges of characters with ▁ for spaces."""
    trained = Tokenizer(BPE())
    trained.normalizer = normalizers.Replace(" ", "▁")
    trained.pre_tokenizer = pre_tokenizers.Split(Regex("▁*[^▁]*" if spaces_inside else "▁?[^▁]*"), "isolated")
    trained.train_from_iterator(
        [line for line in TRAINING.splitlines(True) if "你" not in line and "🚀" not in line],
        trainers.BpeTrainer(vocab_size=450, show_progress=False))
    model = json.loads(trained.to_str())["model"]
    vocab = {t: i for i, t in enumerate(["<unk>", "<s>", "</s>"] + [f"<0x{b:02X}>" for b in range(256)])}
    for token in sorted(model["vocab"], key=model["vocab"].get):
        vocab.setdefault(token, len(vocab))
    merges = [tuple(m) if isinstance(m, list) else tuple(m.split(" ")) for m in model["merges"]]
    tokenizer = Tokenizer(BPE(vocab=vocab, merges=merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    if normalizer:
        tokenizer.normalizer = normalizer
    if pre_tokenizer:
        tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.decoder = decoder
    tokenizer.add_special_tokens([AddedToken(t, normalized=False, special=True) for t in ("<unk>", "<s>", "</s>")])
    finish(tokenizer)
    return tokenizer


def sentencepiece_decoder():
    return decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])


def split(pattern):
    return [pre_tokenizers.Split(Regex(pattern), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]


def published():
    gpt2 = byte_level("gpt2", [pre_tokenizers.ByteLevel(add_prefix_space=False)])
    yield "byte-level", gpt2, False
    llama3 = byte_level("llama3", split(LLAMA3), ignore_merges=True)
    llama3.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=False), begin(llama3)])
    yield "byte-level-llama3", llama3, False
    qwen2 = byte_level("qwen2", split(QWEN2), normalizer=normalizers.NFC())
    yield "byte-level-nfc", qwen2, True
    digits = byte_level(
        "digits", [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])
    digits.post_processor = begin(digits, end=True)
    yield "byte-level-digits", digits, False
    legacy = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    llama2 = characters(legacy, None, sentencepiece_decoder(), True)
    llama2.post_processor = begin(llama2)
    yield "characters-legacy", llama2, True
    first = characters(
        None, pre_tokenizers.Metaspace(prepend_scheme="first", split=False), sentencepiece_decoder(), True)
    first.post_processor = begin(first)
    yield "characters-first", first, False
    always = characters(
        None, pre_tokenizers.Metaspace(), decoders.Sequence([decoders.ByteFallback(), decoders.Metaspace()]), False)
    yield "characters-metaspace", always, False
    bare = characters(
        normalizers.Replace(" ", "▁"), None, decoders.Sequence(
            [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]), True)
    yield "characters-bare", bare, False


def main(folder):
    for name, tokenizer, merges_as_text in published():
        os.makedirs(f"{folder}/{name}", exist_ok=True)
        text = json.loads(tokenizer.to_str())
        if merges_as_text:  # as older versions of the library write them
            text["model"]["merges"] = [" ".join(m) for m in text["model"]["merges"]]
        with open(f"{folder}/{name}/tokenizer.json", "w") as file:
            json.dump(text, file, ensure_ascii=name.endswith("nfc"), indent=1 if name == "byte-level" else None)
        tokenizer = Tokenizer.from_file(f"{folder}/{name}/tokenizer.json")
        ids = [tokenizer.encode(case).ids for case in CASES]
        decoded = [tokenizer.decode(one, skip_special_tokens=True) for one in ids]
        with open(f"{folder}/{name}/cases.json", "w") as file:
            json.dump({"tokenizers": tokenizers.__version__, "texts": CASES, "ids": ids, "decoded": decoded}, file)


if __name__ == "__main__":
    main(sys.argv[1])
