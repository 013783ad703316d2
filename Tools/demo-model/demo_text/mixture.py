"""Documents to train on and questions to evaluate with, drawn from all skills."""

import random
from collections.abc import Callable

from . import about_realizar, arithmetic, facts, records, refusals, small_talk, stories
from .exchange import Exchange, casual

# How often a turn is of each skill. What needs the longest practice is copying names of every spelling into records and stories.
# Stories have four times the share of tokens that the number here says.
TURNS: list[tuple[Callable[[random.Random], Exchange], float]] = [
    (arithmetic.draw, 0.21), (facts.draw, 0.20), (refusals.draw, 0.13), (records.draw, 0.17), (about_realizar.draw, 0.09),
    (stories.draw, 0.10), (small_talk.draw, 0.06), (refusals.draw_deeds, 0.04)]
PLAIN_STORIES = 0.03  # documents that are a story without any turns

BEGIN, TURN_START, TURN_END = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
SPECIAL_TOKENS = [BEGIN, TURN_START, TURN_END]
CHAT_TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}")

Segments = list[tuple[str, bool]]  # text, and whether the model learns to write it


def draw(rng: random.Random) -> Exchange:
    functions, weights = zip(*TURNS)
    return rng.choices(functions, weights)[0](rng)


def drawn(rng: random.Random, draw: Callable[[random.Random], Exchange], held_back: bool) -> Exchange:
    while True:
        exchange = draw(rng)
        if exchange.is_held_back == held_back:
            return exchange


def document(rng: random.Random) -> Segments:
    """One training document. No question in it is held back."""
    if rng.random() < PLAIN_STORIES:
        return plain_story(rng, held_back=False)
    system, name = small_talk.draw_system(rng)
    turns: list[tuple[str, str]] = []
    if system and rng.random() < 0.6 or rng.random() < 0.015:
        exchange = small_talk.ask_name(rng, system, name)
        if not exchange.is_held_back:
            turns.append((casual(rng, exchange.prompt), exchange.answer))
    elif rng.random() < 0.03:
        told, asked = small_talk.draw_meeting(rng)
        if not told.is_held_back and not asked.is_held_back:
            turns.append((casual(rng, told.prompt), told.answer))
            if rng.random() < 0.4:
                between = drawn(rng, draw, held_back=False)
                turns.append((casual(rng, between.prompt), between.answer))
            turns.append((casual(rng, asked.prompt), asked.answer))
    count = rng.choices((1, 2, 3, 8), (0.66, 0.24, 0.08, 0.02))[0]
    while len(turns) < count:
        exchange = drawn(rng, draw, held_back=False)
        turns.append((casual(rng, exchange.prompt), exchange.answer))
    return conversation(system, turns)


def conversation(system: str, turns: list[tuple[str, str]]) -> Segments:
    segments: Segments = [(BEGIN, False)]
    if system:
        segments.append((f"{TURN_START}system\n{system}{TURN_END}\n", False))
    for prompt, answer in turns:
        segments.append((f"{TURN_START}user\n{prompt}{TURN_END}\n{TURN_START}assistant\n", False))
        segments.append((f"{answer}{TURN_END}", True))
        segments.append(("\n", False))
    return segments[:-1]


def plain_story(rng: random.Random, held_back: bool) -> Segments:
    story = drawn(rng, stories.draw, held_back).answer
    return [(BEGIN, False), (story + BEGIN, True)]


def questions(draw: Callable[[random.Random], Exchange], count: int, seed: int) -> list[Exchange]:
    """Different questions that never occur in a training document."""
    rng, found, seen = random.Random(seed), [], set()
    for _ in range(count * 2000):
        if len(found) == count:
            break
        exchange = draw(rng)
        key = (exchange.system, exchange.prompt)
        if exchange.is_held_back and key not in seen:
            seen.add(key)
            found.append(exchange)
    return found
