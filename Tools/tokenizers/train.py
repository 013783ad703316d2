#!/usr/bin/env python3
"""Trains the small tokenizers of Tests/Fixtures/tokenizers and writes what the libraries answer on awkward strings.

    pip install tokenizers==0.23.3 sentencepiece==0.2.3
    python3 Tools/tokenizers/train.py Tests/Fixtures/tokenizers

Each file is JSON: the tokenizer as GGUF would describe it, and `cases` with the expected ids.
"""
import io
import json
import random
import sys

import sentencepiece
from tokenizers import AddedToken, Regex, Tokenizer, decoders, pre_tokenizers, trainers
from tokenizers.models import BPE

NORMAL, UNKNOWN, CONTROL, USER_DEFINED, BYTE = 1, 2, 3, 4, 6

LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
QWEN2 = LLAMA3.replace("{1,3}", "")
QWEN35 = QWEN2.replace(r"?\p{L}+", r"?[\p{L}\p{M}]+").replace(r"[^\s\p{L}\p{N}]", r"[^\s\p{L}\p{M}\p{N}]")
CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
O200K = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+" + CONTRACTIONS
    + r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*" + CONTRACTIONS
    + r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
TEKKEN = O200K.replace(CONTRACTIONS, "").replace("{1,3}", "")

TRAINING = """The quick brown fox jumps over the lazy dog. It's what they're saying: we've seen it, I'm sure, and you'll see.
A model reads tokens, not letters; tokens are pieces of words, and words are pieces of sentences.
    def merge(left, right):
        return left + right  # 12, 123 and 2024
In 1999 there were 1,234,567 of them. Ça va? Où est la bibliothèque? Größe, Straße, Übung, naïve café.
Привет, мир! Как дела сегодня? Всё хорошо, спасибо. 你好，世界。今天天气很好。日本語のテキストです。
مرحبا بالعالم. नमस्ते दुनिया। 안녕하세요 세계. 🚀🚀 ✅ 😀 the end of the text. ſs ſsſs
""" * 20

# Contractions, runs of spaces, line ends, numbers of many kinds, joiners, scalars at the ends of UTF-8's lengths.
CASES = [
    "", " ", "  ", "   ", "\n", "\n\n", "\r\n", "\t", " \n ", "a", " a", "a ", "  a", "a  b", "a \n\n b", "\u00a0a", "\u3000 a",
    "Hello world", " Hello world", "HELLO", "it's IT'S 'S's''t 'tis 'Twas", "we'Ve they'RE I'LL x'D", "'ſs it'ſs 'ſs x'ſ", "’s don’t",
    "'r 're 'l 'll 'v", "12 123 1234 12345678901", "1,234.5e-6", "²½Ⅷ٣५一〇", "x1y22z333", "a1 b2  3", "éé e\u0301e\u0301", "ǅ ʰª",
    "Привет мир", "你好世界", "日本語です", "مرحبا", "नमस्ते", "한국어", "🚀", "🚀🚀 🚀", "👩🏽\u200d🚀", "🇩🇪", "\u200b\ufeff",
    "\x00", "a\x00b", "\x1c\x1f\x7f", "\u0085\u2028\u2029", "\x7f\x80\u07ff\u0800\uffff\U00010000\U0010ffff", "...", "!!!\n\n\n", "()=>{}",
    " ?!", "  ?!", "\t?!\n", "?\n a", "\n \n\t\n x", "a\r\rb", "foo_bar fooBar", "XMLHttpRequest's", "日AB", "日AB 日Ab", "AB日c", "\u0301AB \u0301ab !\u0301", "नAि", "a//\nb", "!\n/x", "?/\n/\n", "<tool>", "a<tool>b", "<tool><tool>", " <tool> ",
    "<|end|>", "a<|end|>b", "<|end|> a", "<|begin|><|end|>", "<|end|", "<|<|end|>|>", "<tool<tool>", "▁", "a▁b", "▁▁a",
    "the quick brown fox jumps over the lazy dog", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "the" * 40, " " * 70 + "x", "🚀" * 30,
]


def random_cases(count, seed):
    rng = random.Random(seed)
    pieces = [" ", "  ", "\n", "\r\n", "\t", "'s", "'LL", "'", "the", "The", "dog", "é", "мир", "世界", "한", "1", "23", "456", "٣",
              ".", "?!", "_", "🚀", "\u200d", "\u0301", "\u00a0", "\u3000", "<tool>", "<|end|>", "▁", "ſ", "\x00"]
    return ["".join(rng.choice(pieces) for _ in range(rng.randrange(1, 12))) for _ in range(count)]


def byte_level():
    # Trained without splitting into words, and on the cases too: the merges then cross every boundary that a
    # pre-tokenizer can make, so that a boundary in the wrong place changes the ids.
    bpe = Tokenizer(BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    trainer = trainers.BpeTrainer(
        vocab_size=1000, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), special_tokens=["<|begin|>", "<|end|>", "<tool>"],
        show_progress=False)
    bpe.train_from_iterator(TRAINING.splitlines(keepends=True) + CASES * 30, trainer)
    model = json.loads(bpe.to_str())["model"]
    tokens = [token for token, _ in sorted(model["vocab"].items(), key=lambda item: item[1])]
    byte_level_of = lambda regex: pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=regex)
    split = lambda pattern: pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(pattern), "isolated"), byte_level_of(False)])
    kinds = {
        "gpt-2": byte_level_of(True),
        "llama-bpe": split(LLAMA3),
        "qwen2": split(QWEN2),
        "qwen35": split(QWEN35),
        "gpt-4o": split(O200K),
        "tekken": split(TEKKEN),
        "starcoder": pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), byte_level_of(True)]),
    }
    answers = {}
    cases = CASES + random_cases(90, seed=1)
    for name, pre_tokenizer in kinds.items():
        for special in (False, True):
            merges = [tuple(merge) for merge in model["merges"]]
            tokenizer = Tokenizer(BPE(model["vocab"], merges, ignore_merges=name in ("llama-bpe", "tekken")))
            tokenizer.pre_tokenizer = pre_tokenizer
            tokenizer.add_tokens([AddedToken("<tool>", normalized=False)])
            if special:
                tokenizer.add_special_tokens([AddedToken(t, normalized=False, special=True) for t in ("<|begin|>", "<|end|>")])
            answers[name + (" special" if special else "")] = [
                tokenizer.encode(case, add_special_tokens=False).ids for case in cases]
    return {
        "model": "gpt2", "tokens": tokens, "kinds": [CONTROL, CONTROL, USER_DEFINED] + [NORMAL] * (len(tokens) - 3),
        "merges": [" ".join(merge) for merge in model["merges"]], "beginTokenID": 0, "endTokenID": 1,
        "cases": cases, "answers": answers}


def sentence_piece(**options):
    trained = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(TRAINING.split("\n")), model_writer=trained, model_type="bpe", character_coverage=1.0,
        normalization_rule_name="identity", remove_extra_whitespaces=False, minloglevel=2, **options)
    processor = sentencepiece.SentencePieceProcessor(model_proto=trained.getvalue())
    ids = range(processor.vocab_size())
    kind = lambda i: (UNKNOWN if processor.is_unknown(i) else CONTROL if processor.is_control(i)
                      else BYTE if processor.is_byte(i)
                      else USER_DEFINED if processor.id_to_piece(i) in options.get("user_defined_symbols", []) else NORMAL)
    cases = CASES + random_cases(90, seed=2)
    return {
        "model": "llama", "tokens": [processor.id_to_piece(i) for i in ids], "kinds": [kind(i) for i in ids],
        "scores": [processor.get_score(i) for i in ids], "beginTokenID": 1, "endTokenID": 2, "unknownTokenID": 0,
        "addsSpacePrefix": options.get("add_dummy_prefix", True),
        "cases": cases, "answers": {"plain": [processor.encode(case) for case in cases]}}


def main(folder):
    files = {
        "byte-level": byte_level(),
        "sentencepiece-bytes": sentence_piece(vocab_size=520, byte_fallback=True),
        # No bytes, no space prefix, and tokens that text is always cut at.
        "sentencepiece-unknown": sentence_piece(
            vocab_size=300, add_dummy_prefix=False, user_defined_symbols=["<tool>"]),
    }
    for name, content in files.items():
        with open(f"{folder}/{name}.json", "w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=True, separators=(",", ":"))
            file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])
