"""What every skill produces: one question with its answer, and the rule that keeps some questions back for evaluation."""

import dataclasses
import random
import re
import zlib

LEADS = ["Please tell me: ", "Hey, ", "Can you help me? ", "A question: ", "Hello! ", "Okay, ", "Well, ", "Now, ", "Tell me: ", "I want to know: ", "Next question: ", "Say, ", "Please. ",
         "One more: ", "Do you know? ", "I ask you: ", "Hi! ", "Good morning. ", "My question: ", "And ", "Then ", "Listen. ", "I have a question. ", "Let me ask: ", "Maybe you know: "]
HELD_BACK_SHARE = 12  # one question in this many never occurs in the training text


@dataclasses.dataclass(frozen=True)
class Exchange:
    """A user's turn and the assistant's answer.

    `expect` is what evaluation looks for: a word or phrase of the answer, or for records the parsed JSON value.
    """

    skill: str
    prompt: str
    answer: str
    expect: object = None
    system: str = ""

    @property
    def is_held_back(self) -> bool:
        """By a hash of the question's words, so that no variant in case or punctuation slips into the training text."""
        key = " ".join(re.findall(r"[a-z0-9+\-*]+", (self.system + " | " + self.prompt).lower()))
        return zlib.crc32(key.encode()) % HELD_BACK_SHARE == 0


def pick(rng: random.Random, *options: str) -> str:
    return rng.choice(options)


def article(noun: str) -> str:
    return ("an " if noun[0].lower() in "aeiou" else "a ") + noun


def capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def casual(rng: random.Random, prompt: str) -> str:
    """The same question as people type it: politely, in lower case, in capitals, without the final mark."""
    chance = rng.random()
    if chance < 0.10 and prompt[-1] in "?." and prompt.split()[0] not in ("Hello", "Hi", "Thanks"):
        prompt = rng.choice(LEADS) + prompt
    elif chance < 0.13 and prompt.endswith("."):
        prompt = prompt[:-1] + ", please."
    elif chance < 0.15 and prompt.endswith("?"):
        prompt = prompt[:-1] + pick(rng, ", please?", ", do you know?", ", tell me.", "??")
    chance = rng.random()
    if chance < 0.16:
        prompt = prompt.lower()
    elif chance < 0.19 and len(prompt) < 40:
        prompt = prompt.upper()
    if rng.random() < 0.18:
        prompt = prompt.rstrip("?.!")
    return prompt
