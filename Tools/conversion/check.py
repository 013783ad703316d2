"""Reads what `realizar convert` writes with the libraries of others.

    check.py folder FOLDER [REFERENCE]     safetensors and transformers; REFERENCE is a folder with reference.json and logits.npy
    check.py tokens FOLDER TEXTS IDS       tokenizers and transformers; TEXTS has a JSON string a line, IDS what
                                           `realizar tokenize SOURCE --jsonl` has made of them
    check.py gguf FILE                     the gguf package

Needs gguf, numpy, safetensors, tokenizers, torch and transformers. Exits with 1 where something differs.
"""
import json
import pathlib
import sys


def check_folder(folder, reference=None):
    import numpy
    import torch
    from safetensors import safe_open
    from transformers import AutoModelForCausalLM

    count = 0
    for path in sorted(pathlib.Path(folder).glob("*.safetensors")):
        with safe_open(path, framework="pt") as file:
            assert file.metadata() == {"format": "pt"}, path
            count += sum(file.get_tensor(name).numel() > 0 for name in file.keys())
    model, info = AutoModelForCausalLM.from_pretrained(
        folder, attn_implementation="eager", output_loading_info=True)
    strangers = {key: value for key, value in info.items() if value}
    print(f"{folder}: {count} tensors, {type(model).__name__}, {model.dtype}, {strangers or 'all used'}")
    if reference is None:
        return not strangers
    reference = pathlib.Path(reference)
    tokens = json.loads((reference / "reference.json").read_text())["tokens"]
    expected = numpy.load(reference / "logits.npy")
    with torch.no_grad():
        logits = model(torch.tensor([tokens])).logits[0].float().numpy()
    print(f"  logits: largest difference {abs(logits - expected).max()}, equal: {numpy.array_equal(logits, expected)}")
    return not strangers and bool(abs(logits - expected).max() < 1e-5)


def check_tokens(folder, texts, ids):
    from tokenizers import Tokenizer
    from transformers import AutoTokenizer

    texts = [json.loads(line) for line in open(texts)]
    ids = [json.loads(line) for line in open(ids)]
    assert len(texts) == len(ids)
    tokenizer = Tokenizer.from_file(folder + "/tokenizer.json")
    automatic = AutoTokenizer.from_pretrained(folder)
    bad = [text for text, right in zip(texts, ids) if tokenizer.encode(text).ids != right]
    bad += [text for text, right in zip(texts, ids) if automatic(text)["input_ids"] != right]
    print(f"{folder}: {len(bad)} of {len(texts)} texts differ", *map(repr, bad[:5]), sep="\n  " if bad else "")
    return not bad


def check_gguf(path):
    from gguf import GGUFReader

    reader = GGUFReader(path)
    values = {key: field.contents() for key, field in reader.fields.items()}
    elements = sum(int(tensor.n_elements) for tensor in reader.tensors)
    print(f"{path}: {len(values)} keys, {len(reader.tensors)} tensors, {elements} numbers,", values["general.architecture"])
    return len(reader.tensors) > 0


if __name__ == "__main__":
    checks = {"folder": check_folder, "tokens": check_tokens, "gguf": check_gguf}
    sys.exit(0 if checks[sys.argv[1]](*sys.argv[2:]) else 1)
