"""Writes a trained folder as GGUF.

    python convert.py FOLDER OUT.gguf [--type q8_0|f32|decoded]

Names and keys are those of llama.cpp's `qwen3` files. Norms stay F32 in all types; `decoded` is float32 again, but with the values
that Q8_0 can say.
"""

import argparse
import json
import pathlib

import gguf
import numpy as np
from safetensors.numpy import load_file

import vocabulary

NORMAL, CONTROL = gguf.TokenType.NORMAL, gguf.TokenType.CONTROL
OF_MODEL = {"model.embed_tokens.weight": "token_embd.weight", "model.norm.weight": "output_norm.weight"}
OF_LAYER = {
    "input_layernorm": "attn_norm", "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output", "self_attn.q_norm": "attn_q_norm", "self_attn.k_norm": "attn_k_norm",
    "post_attention_layernorm": "ffn_norm", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down"}


def gguf_name(name: str) -> str:
    """`model.layers.0.mlp.up_proj.weight` becomes `blk.0.ffn_up.weight`."""
    if name in OF_MODEL:
        return OF_MODEL[name]
    layer, part = name.removeprefix("model.layers.").removesuffix(".weight").split(".", 1)
    return f"blk.{layer}.{OF_LAYER[part]}.weight"


def write_metadata(writer: gguf.GGUFWriter, c: dict) -> None:
    writer.add_name("Realizar Demo")
    writer.add_description("A small model trained by Tools/demo-model on text made by rules: sums, simple facts, stories, JSON records.")
    writer.add_license("MIT")
    writer.add_languages(["en"])
    writer.add_context_length(c["max_position_embeddings"])
    writer.add_embedding_length(c["hidden_size"])
    writer.add_block_count(c["num_hidden_layers"])
    writer.add_feed_forward_length(c["intermediate_size"])
    writer.add_head_count(c["num_attention_heads"])
    writer.add_head_count_kv(c["num_key_value_heads"])
    writer.add_key_length(c["head_dim"])
    writer.add_value_length(c["head_dim"])
    writer.add_layer_norm_rms_eps(c["rms_norm_eps"])
    writer.add_rope_freq_base(c["rope_theta"])
    writer.add_vocab_size(c["vocab_size"])


def write_tokenizer(writer: gguf.GGUFWriter, folder: pathlib.Path, c: dict) -> None:
    tokenizer = json.loads((folder / "tokenizer.json").read_text())
    configuration = json.loads((folder / "tokenizer_config.json").read_text())
    special = {token["content"] for token in tokenizer["added_tokens"]}
    pieces = sorted(tokenizer["model"]["vocab"], key=tokenizer["model"]["vocab"].get)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(vocabulary.PRE_TOKENIZER)
    writer.add_token_list(pieces)
    writer.add_token_types([CONTROL if piece in special else NORMAL for piece in pieces])
    writer.add_token_merges([" ".join(merge) for merge in tokenizer["model"]["merges"]])
    writer.add_bos_token_id(c["bos_token_id"])
    writer.add_eos_token_id(c["eos_token_id"])
    writer.add_pad_token_id(c["bos_token_id"])
    writer.add_add_bos_token(True)
    writer.add_chat_template(configuration["chat_template"])


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("out", type=pathlib.Path)
    arguments.add_argument("--type", choices=["q8_0", "f32", "decoded"], default="q8_0")
    options = arguments.parse_args()
    c = json.loads((options.folder / "config.json").read_text())
    writer = gguf.GGUFWriter(options.out, c["model_type"])
    write_metadata(writer, c)
    write_tokenizer(writer, options.folder, c)
    quantizes = options.type == "q8_0"
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0 if quantizes else gguf.LlamaFileType.ALL_F32)
    if quantizes:
        writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    for name, value in load_file(options.folder / "model.safetensors").items():
        value = np.ascontiguousarray(value, dtype=np.float32)
        if quantizes and value.ndim == 2:
            kind = gguf.GGMLQuantizationType.Q8_0
            writer.add_tensor(gguf_name(name), gguf.quants.quantize(value, kind), raw_dtype=kind)
        else:
            if options.type == "decoded" and value.ndim == 2:
                kind = gguf.GGMLQuantizationType.Q8_0
                value = gguf.quants.dequantize(gguf.quants.quantize(value, kind), kind)
            writer.add_tensor(gguf_name(name), value)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    main()
