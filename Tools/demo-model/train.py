"""Trains the demo model and writes a folder as Hugging Face lays it out.

    python train.py OUT --steps N

It runs on a GPU when PyTorch finds one. README.md says what it costs.
"""

import argparse
import dataclasses
import json
import math
import pathlib
import random
import time

import torch
from safetensors.torch import save_file
from torch.nn import functional

import vocabulary
from demo_text import mixture
from transformer import Configuration, Transformer

ROWS, LENGTH = 8, 512  # tokens of one step: ROWS x LENGTH


class Packer:
    """Fills rows with whole documents, each drawn anew, so that no text is ever repeated by intent."""

    def __init__(self, tokenizer, seed: int):
        self.tokenizer, self.rng = tokenizer, random.Random(seed)
        self.documents, self.tokens = 0, 0
        self.waiting = [self.encoded() for _ in range(100)]

    def encoded(self):
        self.documents += 1
        ids, learned = [], []
        for text, learns in mixture.document(self.rng):
            piece = self.tokenizer.encode(text, add_special_tokens=False).ids
            ids += piece
            learned += [learns] * len(piece)
        return ids[:LENGTH + 1], learned[:LENGTH + 1]

    def row(self):
        tokens, learned, documents = [], [], []
        while True:
            room = LENGTH + 1 - len(tokens)
            index = next((i for i, (ids, _) in enumerate(self.waiting) if len(ids) <= room), None)
            if index is None:
                return tokens + [0] * room, learned + [False] * room, documents + [-1] * room
            ids, learns = self.waiting.pop(index)
            self.waiting.append(self.encoded())
            self.tokens += len(ids)
            documents += [len(tokens)] * len(ids)
            tokens += ids
            learned += learns

    def batch(self):
        """Inputs, document numbers, flat positions that are learned, and the token wanted at each."""
        tokens, learned, documents = (torch.tensor(x) for x in zip(*(self.row() for _ in range(ROWS))))
        wanted = (learned[:, 1:] & (documents[:, 1:] == documents[:, :-1])).flatten()
        positions = wanted.nonzero()[:, 0]
        return tokens[:, :-1], documents[:, :-1], positions, tokens[:, 1:].flatten()[positions]


class Muon(torch.optim.Optimizer):
    """Momentum whose matrix is made orthogonal before it is applied. Jordan et al. 2024, kellerjordan.github.io/posts/muon."""

    def __init__(self, parameters, lr: float, momentum: float = 0.95):
        super().__init__(parameters, dict(lr=lr, momentum=momentum))

    @staticmethod
    def orthogonal(matrix: torch.Tensor) -> torch.Tensor:
        tall = matrix.shape[0] > matrix.shape[1]
        x = (matrix.T if tall else matrix).bfloat16()
        x = x / (x.norm() + 1e-7)
        for _ in range(5):
            gram = x @ x.T
            x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x
        return x.T if tall else x

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for parameter in group["params"]:
                momentum = self.state[parameter].setdefault("momentum", torch.zeros_like(parameter))
                momentum.lerp_(parameter.grad, 1 - group["momentum"])
                update = self.orthogonal(parameter.grad.lerp(momentum, group["momentum"]))
                scale = max(1, parameter.shape[0] / parameter.shape[1]) ** 0.5
                parameter.mul_(1 - group["lr"] * 0.1).add_(update, alpha=-group["lr"] * scale)


def rate(step: int, steps: int, warm_up: int = 30) -> float:
    """A short warm-up, a plateau, and a cosine down to a fiftieth over the second half."""
    left = min(1, (steps - step) / (steps * 0.5))
    return min(1, (step + 1) / warm_up) * (0.02 + 0.98 * (0.5 - 0.5 * math.cos(math.pi * left)))


def write(folder: pathlib.Path, model: Transformer, tokenizer) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    weights = {f"model.{name}": value.detach().float().cpu().contiguous() for name, value in model.state_dict().items()}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    ids = {name: tokenizer.token_to_id(token) for name, token in zip(("bos_token_id", "eos_token_id"), (mixture.BEGIN, mixture.TURN_END))}
    configuration = dict(
        architectures=["Qwen3ForCausalLM"], model_type="qwen3", tie_word_embeddings=True, hidden_act="silu", attention_bias=False, dtype="float32",
        torch_dtype="float32", **ids, **dataclasses.asdict(model.configuration))
    (folder / "config.json").write_text(json.dumps(configuration, indent=2) + "\n")
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps(dict(
        tokenizer_class="PreTrainedTokenizerFast", bos_token=mixture.BEGIN, eos_token=mixture.TURN_END, pad_token=mixture.BEGIN, add_bos_token=True,
        model_max_length=model.configuration.max_position_embeddings, chat_template=mixture.CHAT_TEMPLATE), indent=2) + "\n")
    (folder / "generation_config.json").write_text(json.dumps(ids | {"eos_token_id": [ids["eos_token_id"], ids["bos_token_id"]]}, indent=2) + "\n")


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("out", type=pathlib.Path)
    arguments.add_argument("--steps", type=int, required=True)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--bfloat16", action="store_true", help="computes matrix products in bfloat16")
    options = arguments.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    options.out.mkdir(parents=True, exist_ok=True)

    tokenizer = vocabulary.train()
    model = Transformer(Configuration(vocab_size=tokenizer.get_vocab_size())).to(device)
    matrices = [p for n, p in model.named_parameters() if p.ndim == 2 and "embed" not in n]
    others = [p for n, p in model.named_parameters() if not (p.ndim == 2 and "embed" not in n)]
    optimizers = [Muon(matrices, lr=0.02),
                  torch.optim.AdamW(others, lr=0.004, betas=(0.9, 0.95), weight_decay=0.0)]
    peaks = [optimizer.param_groups[0]["lr"] for optimizer in optimizers]
    text_seed = options.seed + 1000
    packer = Packer(tokenizer, text_seed)
    print(f"{sum(p.numel() for p in model.parameters())} parameters, {tokenizer.get_vocab_size()} pieces, on {device}", flush=True)

    start, mean = time.monotonic(), None
    last = options.steps - 1
    for step in range(options.steps):
        tokens, documents, positions, wanted = (x.to(device) for x in packer.batch())
        with torch.autocast(device, torch.bfloat16, enabled=options.bfloat16):
            logits = model(tokens, documents, positions)
        loss = functional.cross_entropy(logits.float(), wanted)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(others, 1.0)
        for optimizer, peak in zip(optimizers, peaks):
            optimizer.param_groups[0]["lr"] = peak * rate(step, options.steps)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        mean = loss.item() if mean is None else 0.95 * mean + 0.05 * loss.item()
        if step % 50 == 0 or step == last:
            seconds = time.monotonic() - start
            print(f"step {step} loss {mean:.4f} {(step + 1) * ROWS * LENGTH / seconds:.0f} tokens/s {seconds:.0f} s", flush=True)
        if step % 200 == 199 or step == last:
            write(options.out, model, tokenizer)
            (options.out / "training.json").write_text(json.dumps(dict(
                text_seed=text_seed, documents=packer.documents, tokens=packer.tokens, steps=step + 1,
                seconds=round(time.monotonic() - start)), indent=2) + "\n")


if __name__ == "__main__":
    main()
