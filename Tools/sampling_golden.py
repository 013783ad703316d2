#!/usr/bin/env python3
"""Prints the tokens that Tests/SamplingTests/SamplerTests.swift expects for a seed.

An independent implementation (plain Python, math.exp, no dependencies) of: SplitMix64 seeding, xoshiro256**, logit bias,
penalties, top-k, top-p, min-p, temperature, choice. Run it without arguments.
"""
import math

MASK = (1 << 64) - 1


def splitmix64(state):
    while True:
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        yield z ^ (z >> 31)


def rotate(x, k):
    return ((x << k) | (x >> (64 - k))) & MASK


def xoshiro256(seed):
    mixer = splitmix64(seed)
    s = [next(mixer) for _ in range(4)]
    while True:
        yield (rotate((s[1] * 5) & MASK, 7) * 9) & MASK
        t = (s[1] << 17) & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotate(s[3], 45)


def sample(logits, prompt, answer, unit, *, temperature, top_k, top_p, min_p, repetition, presence, frequency, window, bias):
    x = list(logits)
    for token, amount in bias.items():
        x[token] += amount
    for token in set((prompt + answer)[-window:]):
        x[token] = x[token] / repetition if x[token] > 0 else x[token] * repetition
    for token in set(answer):
        x[token] -= presence + frequency * answer.count(token)
    order = sorted(range(len(x)), key=lambda i: (-x[i], i))[:top_k]
    weights = [math.exp(x[i] - x[order[0]]) for i in order]
    total, cut = 0.0, 0
    while cut < len(order) and (cut == 0 or total < top_p * sum(weights)):
        total += weights[cut]
        cut += 1
    order = [i for i in order[:cut] if math.exp(x[i] - x[order[0]]) >= min_p]
    weights = [math.exp((x[i] - x[order[0]]) / temperature) for i in order]
    target, total = unit * sum(weights), 0.0
    for token, weight in zip(order, weights):
        total += weight
        if total > target:
            return token
    return order[-1]


def logits_at(step):
    """64 logits in quarters, exact in float32 and float64."""
    return [((i * 37 + step * 11) % 41) / 4.0 - 3.0 for i in range(64)]


if __name__ == "__main__":
    print("xoshiro256**, seed 42:", [next(g) for g in [xoshiro256(42)] for _ in range(4)])
    generator = xoshiro256(2024)
    prompt, answer = [3, 5, 7, 60], []
    for step in range(24):
        unit = (next(generator) >> 11) * 2.0**-53
        answer.append(sample(
            logits_at(step), prompt, answer, unit, temperature=1.5, top_k=20, top_p=0.9, min_p=0.05,
            repetition=1.25, presence=0.5, frequency=0.25, window=8, bias={10: 4.0, 11: -100.0}))
    print("tokens:", answer)
