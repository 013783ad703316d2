"""What the model knows about the program that runs it, and about itself."""

import random

from .exchange import Exchange

MODEL = "I am the demo model of Realizar."
START = "Run `realizar serve --model model.gguf`, or `realizar serve --demo` for the demo model."

# Answer, then what evaluation looks for in it, then the wordings. {it} is "Realizar" and its spellings.
ITEMS: list[tuple[str, str, list[str]]] = [
    ("Realizar is an engine that runs language models, and a model server, written in Swift.", "runs language models",
     ["What is {it}?", "What's {it}?", "Tell me about {it}.", "What does {it} do?", "Explain {it}.", "Can you explain {it}?", "What is {it} for?",
      "Describe {it}.", "Do you know {it}?", "What do you know about {it}?", "What kind of program is {it}?", "What can {it} do?"]),
    ("Realizar reads GGUF files. Safetensors and APR are planned.", "GGUF",
     ["Which formats does {it} read?", "What formats does {it} read?", "Which file formats does {it} support?", "What files can {it} read?",
      "Does {it} read GGUF?", "Does {it} read safetensors?", "Which model files work with {it}?", "What model formats does {it} support?",
      "Which formats can {it} load?", "Can {it} read APR files?", "What file formats are supported?", "Which files does {it} load?"]),
    (START, "realizar serve --model",
     ["How do I start the server?", "How can I start the server?", "How do I start {it}?", "How do I run the server?", "How do I start a server with {it}?",
      "How do I serve a model?", "How to start the server?", "What command starts the server?", "Which command starts the server?",
      "How can I serve a model with {it}?", "How do I start the {it} server?", "Tell me how to start the server.", "Start the server."]),
    ("Run `realizar run model.gguf \"your prompt\"`.", "realizar run",
     ["How do I run a model?", "How do I run a prompt?", "How can I run a model?", "How do I use {it}?", "How do I run a model with {it}?",
      "How do I ask a model one question?", "What command runs a prompt?", "How to use {it}?", "How to run a model?"]),
    ("Run `realizar chat model.gguf`.", "realizar chat",
     ["How do I chat with a model?", "How can I chat with a model?", "How do I start a chat?", "What command starts a chat?", "How to chat with {it}?",
      "How do I have a conversation with a model?", "Which command is for chat?", "How to start a chat?"]),
    ("Run `realizar inspect model.gguf`.", "realizar inspect",
     ["How do I inspect a model file?", "How do I see what is in a model file?", "How can I inspect a GGUF file?", "How do I see the metadata of a model?",
      "What command shows the tensors of a model?", "How to inspect a file?"]),
    ("Run `realizar bench model.gguf`.", "realizar bench",
     ["How do I measure the speed?", "How can I measure the speed of a model?", "How do I benchmark a model?", "How fast is {it}?",
      "What command measures the speed?", "How to benchmark {it}?"]),
    ("Realizar is written in Swift.", "Swift",
     ["What language is {it} written in?", "In which language is {it} written?", "Which programming language does {it} use?", "Is {it} written in Swift?",
      "What is {it} written in?", "In what language was {it} made?", "Which language is {it} written in?"]),
    ("Realizar has the MIT license.", "MIT",
     ["What license does {it} have?", "What is the license of {it}?", "Which license does {it} use?", "Under which license is {it}?", "Is {it} free?",
      "Is {it} open source?", "What licence does {it} have?", "Can I use {it} for free?"]),
    ("The documentation is in the docs folder; start with README.md.", "docs",
     ["Where is the documentation?", "Where are the docs?", "Where do I find the documentation?", "Where can I read more about {it}?", "Where can I learn more?",
      "Is there documentation for {it}?", "How can I learn more about {it}?", "Where are the docs of {it}?"]),
    ("The server speaks OpenAI's API, at /v1/chat/completions and /v1/completions.", "OpenAI",
     ["Which API does the server speak?", "What API does {it} have?", "Is there an HTTP API?", "Does {it} have an API?", "Which endpoints are there?",
      "What endpoints does the server have?", "Is {it} compatible with OpenAI?", "Which API does {it} speak?"]),
    ("The server listens on port 8080. Use --port to change it.", "8080",
     ["Which port does the server use?", "What port does the server listen on?", "On which port is the server?", "How do I change the port?",
      "What is the port of the server?", "What port does {it} use?"]),
    ("Realizar runs on processors of type x86-64 and arm64.", "x86-64",
     ["Which processors does {it} support?", "On which machines does {it} run?", "What hardware does {it} need?", "Does {it} run on arm64?",
      "Where does {it} run?", "Which computers can run {it}?"]),
    ("Realizar knows the architectures llama, qwen2 and qwen3.", "qwen3",
     ["Which models does {it} support?", "Which models can {it} run?", "What models does {it} support?", "Which architectures does {it} know?",
      "Does {it} run llama models?", "Can {it} run Qwen models?", "Which models work with {it}?"]),
    ("Give its path: `realizar run model.gguf \"your prompt\"`.", "path",
     ["How do I use another model?", "How can I use a different model?", "How do I change the model?", "Can I use another model?", "How do I name another model?",
      "How do I load my own model?", "How to use another model?"]),
    ("GGUF is a file format for language models.", "file format",
     ["What is GGUF?", "What's GGUF?", "What is a GGUF file?", "Explain GGUF.", "What does GGUF mean?", "Tell me about GGUF."]),
    ("A language model is a program that reads text and predicts what comes next.", "predicts",
     ["What is a language model?", "What's a language model?", "Explain what a language model is.", "What is an LLM?", "How does a language model work?",
      "What does a language model do?"]),
    ("A token is a piece of text, such as a word or a part of a word.", "piece of text",
     ["What is a token?", "What's a token?", "Explain what a token is.", "What are tokens?", "What does token mean?", "Tell me what a token is."]),
    ("I have about 3.7 million parameters.", "3.7 million",
     ["How big are you?", "How many parameters do you have?", "How large are you?", "What size are you?", "What is your size?", "Are you a big model?",
      "How big is this model?", "How many parameters does this model have?"]),
    ("I was trained by a script of Realizar, on text made by rules.", "trained by a script",
     ["Who made you?", "Who trained you?", "How were you made?", "How were you trained?", "Where do you come from?", "Who created you?", "Who built you?",
      "What were you trained on?"]),
    ("I can do small sums, answer simple facts, tell short stories, write small JSON records and talk about Realizar.", "small sums",
     ["What can you do?", "What can I ask you?", "How can you help me?", "What do you know?", "Help", "What are you good at?", "Can you help me?",
      "What questions can you answer?", "Tell me what you can do.", "What can I do with you?"]),
    ("I am a small language model that comes with Realizar.", "small language model",
     ["What are you?", "Are you a robot?", "Are you a human?", "Are you real?", "Are you a person?", "What kind of model are you?", "What sort of thing are you?",
      "Are you a language model?"]),
]
SPELLINGS = ["Realizar"] * 5 + ["this program", "this engine"]


def draw(rng: random.Random) -> Exchange:
    answer, expect, wordings = rng.choice(ITEMS)
    wording = rng.choice(wordings)
    spelling = "Realizar" if answer.startswith("Realizar is an engine") else rng.choice(SPELLINGS)
    return Exchange("about realizar", wording.replace("{it}", spelling), answer, expect)
