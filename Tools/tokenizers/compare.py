#!/usr/bin/env python3
"""Compares Realizar's ids and texts with those of the tokenizers library, over random and adversarial strings and files.

    pip install tokenizers==0.23.3
    python3 Tools/tokenizers/compare.py make FOLDER                 # trains a model folder of each kind
    python3 Tools/tokenizers/compare.py fixtures Tests/Fixtures/huggingface
    python3 Tools/tokenizers/compare.py run FOLDER COMMAND COUNT [FILE ...]

SEED in the environment draws other strings. COMMAND gets a model's folder as its argument and reads a JSON string a line; it answers each line with the ids as JSON, a
tab, and a list with the decoded text, for example `realizar tokenize --jsonl` behind a small script.
"""
import json
import os
import random
import subprocess
import sys

import tokenizers
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from train import CASES, LLAMA3, TRAINING

CONFIGURATION = {
    "architectures": ["TokenizerOnly"], "model_type": "tokenizer-only", "hidden_size": 32, "intermediate_size": 64,
    "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 1, "max_position_embeddings": 64,
    "rms_norm_eps": 1e-5, "hidden_act": "silu", "tie_word_embeddings": True, "torch_dtype": "float32",
}
# Without a text that ends answers wherever it is a token.
CASES_OF_TRAINING = [text for text in TRAINING.splitlines(True) + CASES * 5 if "<|end|>" not in text]
SPECIAL = ["<unk>", "<s>", "</s>"]
DEEPSEEK = (
    r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*"""
    r"""|\s*[\r\n]+|\s+(?!\S)|\s+""")


def split(pattern, behavior="isolated", invert=False):
    return pre_tokenizers.Split(Regex(pattern), behavior, invert)


def byte_level(**options):
    return pre_tokenizers.ByteLevel(add_prefix_space=options.get("space", False), use_regex=options.get("regex", False))


def train(model, trainer, normalizer=None, pre_tokenizer=None, decoder=None, **options):
    tokenizer = Tokenizer(model)
    if normalizer:
        tokenizer.normalizer = normalizer
    if pre_tokenizer:
        tokenizer.pre_tokenizer = pre_tokenizer
    if decoder:
        tokenizer.decoder = decoder
    tokenizer.train_from_iterator(CASES_OF_TRAINING, trainer)
    added = [AddedToken("<tag>"), AddedToken("<left>", lstrip=True), AddedToken("<right>", rstrip=True),
             AddedToken("word", single_word=True), AddedToken("<Norm É>", normalized=True)]
    if options.get("added", True):
        tokenizer.add_tokens(added)
        tokenizer.add_special_tokens(
            [AddedToken("<|both|>", lstrip=True, rstrip=True, special=True, normalized=False), "<|plain|>"])
    return tokenizer


def bpe(size=700, special=SPECIAL, **options):
    return trainers.BpeTrainer(vocab_size=size, special_tokens=special, show_progress=False, **options)


def alphabet():
    return {"initial_alphabet": pre_tokenizers.ByteLevel.alphabet()}


def with_bytes(tokenizer):
    """The same with tokens for all bytes before the trained ones."""
    text = json.loads(tokenizer.to_str())
    vocab = text["model"]["vocab"]
    for byte in range(256):
        vocab[f"<0x{byte:02X}>"] = len(vocab) + 100
    ids = {token: place for place, token in enumerate(sorted(vocab, key=vocab.get))}
    text["model"].update(vocab=ids, byte_fallback=True)
    for token in text["added_tokens"]:
        token["id"] = ids.setdefault(token["content"], len(ids)) if token["content"] in ids else token["id"] + 1000
    used = {token["id"] for token in text["added_tokens"] if token["content"] not in ids}
    assert len(used) == sum(token["content"] not in ids for token in text["added_tokens"])
    return Tokenizer.from_str(json.dumps(text))


def precompiled():
    """A table of SentencePiece's, from a model trained on the spot."""
    import io
    import sentencepiece
    from sentencepiece import sentencepiece_model_pb2
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(CASES_OF_TRAINING), model_writer=model, vocab_size=400, hard_vocab_limit=False, model_type="unigram",
        normalization_rule_name="nmt_nfkc", minloglevel=2, character_coverage=1.0)
    proto = sentencepiece_model_pb2.ModelProto.FromString(model.getvalue())
    return proto.normalizer_spec.precompiled_charsmap


def kinds():
    sequence, bl = pre_tokenizers.Sequence, decoders.ByteLevel()
    yield "gpt2", train(models.BPE(), bpe(**alphabet()), None, byte_level(regex=True), bl)
    yield "gpt2-prefix", train(models.BPE(), bpe(**alphabet()), None, byte_level(regex=True, space=True), bl)
    yield "llama3-nfc", train(
        models.BPE(ignore_merges=True), bpe(**alphabet()), normalizers.NFC(), sequence([split(LLAMA3), byte_level()]), bl)
    yield "deepseek-v3", train(models.BPE(), bpe(**alphabet()), None, sequence(
        [split(r"\p{N}{1,3}"), split("[一-龥぀-ゟ゠-ヿ]+"), split(DEEPSEEK), byte_level()]), bl)
    yield "deepseek-llm", train(models.BPE(), bpe(**alphabet()), None, sequence(
        [split(r"[\r\n]"), split(r"\s?\p{L}+"), split(r"\s?\p{P}+"), split(r"\s+$"), split("[一-龥ࠀ-一가-퟿]+"),
         pre_tokenizers.Digits(individual_digits=True), byte_level()]), bl)
    yield "falcon", train(models.BPE(), bpe(**alphabet()), None, sequence(
        [pre_tokenizers.Punctuation("contiguous"), byte_level(regex=True), pre_tokenizers.Digits(False),
         split("[0-9][0-9][0-9]")]), bl)
    yield "bloom", train(models.BPE(), bpe(**alphabet()), None, sequence(
        [split(r" ?[^(\s|.,!?…。，、।۔،)]+"), byte_level()]), bl)
    yield "digit-groups", train(models.BPE(), bpe(**alphabet()), None, sequence(
        [split(r"\d{1,3}(?=(?:\d{3})*\b)"), split(r"\p{N}+"), split(r"(?=(\d{3})+(?!\d))"), byte_level()]), bl)
    yield "words", train(models.BPE(), bpe(**alphabet()), None, sequence(
        [split(r"\w+\b|[^\w\s]+"), split("漢|[\\p{Lu}&&[^\\p{Han}]]+"), byte_level()]), bl)
    yield "behaviors", train(models.BPE(unk_token="<unk>", fuse_unk=True), bpe(400), normalizers.Sequence(
        [normalizers.NFD(), normalizers.StripAccents(), normalizers.Lowercase(), normalizers.Strip()]), sequence(
        [split(r"\d+", "merged_with_previous"), pre_tokenizers.Split("e", "merged_with_next"),
         split(r"[aeiou]", "contiguous"), pre_tokenizers.CharDelimiterSplit("_"), pre_tokenizers.WhitespaceSplit()]))
    yield "clip", train(
        models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"), bpe(end_of_word_suffix="</w>", **alphabet()),
        normalizers.Sequence([normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]),
        sequence([split(r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+", "removed", True), byte_level()]),
        decoders.BPEDecoder("</w>"))
    yield "prefixed", train(
        models.BPE(unk_token="<unk>", continuing_subword_prefix="@@"), bpe(continuing_subword_prefix="@@"), None,
        pre_tokenizers.Whitespace(), decoders.WordPiece("@@"))
    sp = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    few = [c for c in CASES_OF_TRAINING if c.isascii()]
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.decoder = sp
    tokenizer.train_from_iterator(few, bpe(500))
    yield "llama2", with_bytes(tokenizer)
    yield "metaspace-first", train(
        models.BPE(unk_token="<unk>", fuse_unk=False), bpe(500), None,
        pre_tokenizers.Metaspace(prepend_scheme="first", split=True), decoders.Metaspace(prepend_scheme="first"))
    unigram = lambda size=500, **o: trainers.UnigramTrainer(
        vocab_size=size, special_tokens=SPECIAL, unk_token="<unk>", show_progress=False, **o)
    yield "unigram", train(models.Unigram(), unigram(), normalizers.NFKC(), pre_tokenizers.Metaspace(), decoders.Metaspace())
    t5 = train(
        models.Unigram(), unigram(400), normalizers.Sequence(
            [normalizers.Precompiled(precompiled()), normalizers.Replace(Regex(" {2,}"), "▁")]),
        pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]), decoders.Metaspace())
    t5.post_processor = processors.TemplateProcessing("$A </s>", "$A </s> $B </s>", [("</s>", t5.token_to_id("</s>"))])
    yield "t5", t5
    yield "unigram-nfkd", train(
        models.Unigram(), unigram(300), normalizers.NFKD(), pre_tokenizers.Sequence(
            [pre_tokenizers.Digits(True), pre_tokenizers.Metaspace(prepend_scheme="never", split=False)]), decoders.Metaspace(
                prepend_scheme="never"))
    bert_special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    wordpiece = lambda: trainers.WordPieceTrainer(vocab_size=500, special_tokens=bert_special, show_progress=False)
    for name, options in (("bert-uncased", {}), ("bert-cased", {"lowercase": False, "strip_accents": False}),
                          ("bert-plain", {"clean_text": False, "handle_chinese_chars": False})):
        bert = train(
            models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=20), wordpiece(),
            normalizers.BertNormalizer(**options), pre_tokenizers.BertPreTokenizer(), decoders.WordPiece())
        bert.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
        yield name, bert
    roberta = train(models.BPE(), bpe(**alphabet()), None, byte_level(regex=True, space=True), bl)
    roberta.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 1))
    yield "roberta", roberta
    yield "punctuation", train(
        models.WordPiece(unk_token="[UNK]"), wordpiece(), normalizers.Sequence(
            [normalizers.Strip(right=False), normalizers.Prepend("x"), normalizers.Lowercase()]), sequence(
            [pre_tokenizers.Whitespace(), pre_tokenizers.Punctuation("merged_with_previous")]), None)


def settled(tokenizer):
    """The library reads decimal numbers to within a unit in the last place: read until they stay."""
    text = tokenizer.to_str()
    while (again := Tokenizer.from_str(text).to_str()) != text:
        text = again
    return Tokenizer.from_str(text)


def make(folder):
    for name, tokenizer in kinds():
        tokenizer = settled(tokenizer)
        os.makedirs(f"{folder}/{name}", exist_ok=True)
        tokenizer.save(f"{folder}/{name}/tokenizer.json")
        size = max(tokenizer.get_vocab(with_added_tokens=True).values()) + 1
        with open(f"{folder}/{name}/config.json", "w") as file:
            json.dump(CONFIGURATION | {"vocab_size": size}, file)
        write_weights(f"{folder}/{name}/model.safetensors")


FIXTURES = ["deepseek-v3", "falcon", "digit-groups", "words", "behaviors", "clip", "prefixed", "unigram-nfkd", "bert-uncased", "roberta"]


def fixtures(folder):
    for name, tokenizer in kinds():
        if name not in FIXTURES:
            continue
        tokenizer = settled(tokenizer)
        os.makedirs(f"{folder}/{name}", exist_ok=True)
        with open(f"{folder}/{name}/tokenizer.json", "w") as file:
            file.write(tokenizer.to_str())
        texts = CASES + list(strings(100, seed=name))
        ids = [tokenizer.encode(text).ids for text in texts]
        decoded = [tokenizer.decode(one) for one in ids]
        with open(f"{folder}/{name}/cases.json", "w") as file:
            json.dump({"tokenizers": tokenizers.__version__, "texts": texts, "ids": ids, "decoded": decoded}, file)


def write_weights(path):
    """One tensor that nobody looks at."""
    header = json.dumps({"unused": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()
    with open(path, "wb") as file:
        file.write(len(header).to_bytes(8, "little") + header + bytes(4))


PIECES = [
    " ", "  ", "   ", "\n", "\r\n", "\t", "\u000b", "\u00a0", "\u3000", "\u2003", "\u0085", "'s", "'LL", "'", "the", "The", "DOG",
    "word", "words", "_", "e", "x@@", "</w>", "é", "e\u0301", "É", "Ç", "ſ", "İ", "ß", "Σ", "ﬁ", "①", "½", "㎏", "ｱﾞ", "Å", "\u1e9b\u0323",
    "мир", "Привет", "世界", "你好", "日本語", "カ\u3099", "한국", "\u1112\u1161\u11ab", "नमस्ते", "مرحبا", "ไทย", "1", "23", "456", "٣", "Ⅷ", "²",
    ".", ",", "?!", "...", "-", "$", "+", "`", "^", "。", "،", "«", "🚀", "👩🏽\u200d🚀", "🇩🇪", "\u200d", "\u200b", "\ufeff", "\u0301", "\u0327",
    "\ufffd", "\x00", "\x1f", "\x7f", "\u00ad", "\ue000", "\U0010ffff", "▁", "##", "Ġ", "<tag>", "<left>", "<right>", "<Norm É>", "<norm é>",
    "<Norm E\u0301>", "<|both|>", "<|plain|>", "<|pl", "<s>", "</s>", "<unk>", "[UNK]", "[CLS]", "[MASK]", "<0x41>", "fi", "n't", " do not",
]
# Scalars that have been in Unicode for long: libraries differ in the version that they know.
RANGES = [(0x20, 0x7e), (0x20, 0x7e), (0x0, 0x1f), (0xa0, 0x24f), (0x300, 0x36f), (0x391, 0x3a1), (0x410, 0x44f), (0x5d0, 0x5ea),
          (0x621, 0x64a), (0x905, 0x939), (0x1e00, 0x1eff), (0x2010, 0x2027), (0x2030, 0x205e), (0x2150, 0x217f), (0x2460, 0x24ea), (0x3041, 0x3096),
          (0x3300, 0x33ff), (0x4e00, 0x9fa5), (0xac00, 0xd7a3), (0xf900, 0xfa2d), (0xfb00, 0xfb06), (0xff01, 0xff5e), (0x1f300, 0x1f320),
          (0x1d400, 0x1d454), (0x20000, 0x20100), (0x2f800, 0x2fa1d)]


def strings(count, seed):
    rng = random.Random(seed)
    for _ in range(count):
        kind = rng.randrange(4)
        if kind == 0:
            yield "".join(rng.choice(PIECES) for _ in range(rng.randrange(1, 14)))
        elif kind == 1:
            yield "".join(chr(rng.randint(*rng.choice(RANGES))) for _ in range(rng.randrange(1, 40)))
        elif kind == 2:
            yield rng.choice(PIECES) * rng.randrange(1, 60) + rng.choice(PIECES)
        else:
            line = list(rng.choice(CASES_OF_TRAINING))
            for _ in range(rng.randrange(0, 4)):
                line.insert(rng.randrange(len(line) + 1), rng.choice(PIECES))
            yield "".join(line)


def run(folder, command, count, files):
    total = different = 0
    for name in sorted(os.listdir(folder)):
        tokenizer = Tokenizer.from_file(f"{folder}/{name}/tokenizer.json")
        texts = list(strings(count, seed=SEED + name))
        for path in files:
            with open(path, encoding="utf-8", errors="ignore", newline="") as file:
                texts.append(file.read())
        answer = subprocess.run(
            command.split() + [f"{folder}/{name}"], input="".join(json.dumps(text) + "\n" for text in texts), text=True,
            capture_output=True)
        lines = answer.stdout.split("\n")[:-1]
        bad = 0
        if len(lines) != len(texts):
            print(f"{name}: {len(lines)} answers to {len(texts)} texts: {answer.stdout[:300]} {answer.stderr[-300:]}")
            bad = len(texts) - len(lines)
        begin = tokenizer.encode("").ids
        for text, line in zip(texts, lines):
            ids, decoded = line.split("\t")
            ids, decoded = json.loads(ids), json.loads(decoded)[0]
            expected = tokenizer.encode(text).ids
            # A begin token that stands in the text already is not doubled here.
            same = ids == expected or begin and ids == expected[1:]
            if not same or decoded != tokenizer.decode(expected):
                bad += 1
                if bad <= SHOWN:
                    show = lambda ids: [tokenizer.id_to_token(i) for i in ids][:30]
                    what = (show(ids), show(expected)) if not same else (decoded[:80], tokenizer.decode(expected)[:80])
                    print(f"{name}: {text[:80]!r}\n  here     {what[0]}\n  library  {what[1]}")
        total += len(texts)
        different += bad
        print(f"{name}: {len(texts)} texts, {bad} differ", flush=True)
    print(f"{total} texts, {different} differ")
    return different == 0


SEED = os.environ.get("SEED", "")
SHOWN = int(os.environ.get("SHOWN", "3"))
if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(sys.argv[2])
    elif sys.argv[1] == "fixtures":
        fixtures(sys.argv[2])
    else:
        sys.exit(0 if run(sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5:]) else 1)
