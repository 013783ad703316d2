"""The byte-level vocabulary: 2048 pieces, trained on the generated text and cut into words as Qwen 2 does.

No piece joins a capital letter to what stands in front of it, so that a name has the same pieces behind a space, a quotation
mark and a bracket, and copying it is copying tokens.
"""

import random
import re

from tokenizers import AddedToken, Regex, Tokenizer, decoders, pre_tokenizers, trainers
from tokenizers.models import BPE

from demo_text import mixture

SIZE = 2048
PRE_TOKENIZER = "qwen2"  # GGUF's name for PATTERN
PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
CAPITALS_ALONE = r"[^\r\n\p{L}\p{N}](?=\p{Lu})|" + PATTERN  # what merges are learned from; it only cuts PATTERN's words further


def train(documents: int = 60_000, seed: int = 1) -> Tokenizer:
    rng = random.Random(seed)
    tokenizer = Tokenizer(BPE())
    cut = lambda pattern: pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(pattern), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.pre_tokenizer = cut(CAPITALS_ALONE)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=SIZE, special_tokens=mixture.SPECIAL_TOKENS, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)

    def texts():
        for _ in range(documents):
            text = "".join(text for text, _ in mixture.document(rng))
            yield from re.split("|".join(map(re.escape, mixture.SPECIAL_TOKENS)), text)

    tokenizer.train_from_iterator(texts(), trainer)
    tokenizer.pre_tokenizer = cut(PATTERN)
    tokenizer.add_special_tokens([AddedToken(token, normalized=False, special=True) for token in mixture.SPECIAL_TOKENS])
    return tokenizer
