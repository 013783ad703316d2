"""Sums and differences of numbers from 0 to 20, in digits, in words and as small problems."""

import random

from .exchange import Exchange, capitalised, pick

WORDS = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen twenty""".split()
THINGS = "apples pears balls books coins eggs stones shells cards stars nuts flowers cakes toys pens".split()
TOO_HARD = "I can only add and subtract numbers from 0 to 20."

SYMBOLS = ["{a}+{b}=", "{a} + {b} =", "{a}+{b}", "{a} + {b}", "{a} + {b} = ?", "{a}+{b}?", "What is {a}+{b}?", "What is {a} + {b}?",
           "Compute {a} + {b}.", "Solve {a} + {b}.", "Calculate {a}+{b}."]
ADDING = ["What is {a} plus {b}?", "What's {a} plus {b}?", "How much is {a} plus {b}?", "{a} plus {b}", "{a} plus {b} is?",
          "What do you get when you add {a} and {b}?", "Add {a} and {b}.", "Add {b} to {a}.", "What is the sum of {a} and {b}?",
          "The sum of {a} and {b}?", "Tell me {a} plus {b}.", "Compute {a} plus {b}.", "Can you add {a} and {b}?",
          "How much do {a} and {b} make?"]
TAKING = ["What is {a} minus {b}?", "What's {a} minus {b}?", "How much is {a} minus {b}?", "{a} minus {b}", "{a} minus {b} is?",
          "Take {b} from {a}.", "Subtract {b} from {a}.", "What is {a} take away {b}?", "Take {b} away from {a}.",
          "Tell me {a} minus {b}.", "Compute {a} minus {b}.", "Can you subtract {b} from {a}?",
          "What is left when you take {b} from {a}?"]
MORE = ["I have {a} {t} and get {b} more. How many {t} do I have?", "There are {a} {t}. Then {b} more come. How many {t} are there?",
        "{n} has {a} {t} and finds {b} more. How many {t} does {n} have?", "If I have {a} {t} and buy {b} more, how many do I have?"]
FEWER = ["I have {a} {t} and lose {b}. How many {t} do I have?", "There are {a} {t}. I take {b} away. How many {t} are left?",
         "{n} has {a} {t} and gives away {b}. How many {t} does {n} have?", "If I have {a} {t} and sell {b}, how many are left?"]
HARD = ["What is {c} plus {d}?", "What is {c} minus {d}?", "{c}+{d}=", "{c} - {d}", "{c} + {d}", "What is {e} times {f}?", "{e}*{f}=",
        "{e} * {f}", "{e} x {f}", "How much is {e} divided by {f}?", "What is {e} times {f}", "Multiply {e} by {f}.",
        "What is the square root of {c}?", "How much is {c} plus {d}?", "Add {c} and {d}.", "Divide {c} by {f}.", "What is {c} + {d}?"]


def spoken(number: int) -> str:
    return str(number) if number >= 0 else f"minus {-number}"


def draw(rng: random.Random) -> Exchange:
    if rng.random() < 0.04:
        return too_hard(rng)
    a, b, adds = rng.randint(0, 20), rng.randint(0, 20), rng.random() < 0.5
    result = a + b if adds else a - b
    kind = rng.random()
    if kind < 0.40:
        form = rng.choice(SYMBOLS)
        prompt = form.format(a=a, b=b) if adds else form.replace("+", "-").format(a=a, b=b)
        return Exchange("arithmetic", prompt, f"{a} {'+' if adds else '-'} {b} = {result}", result)
    if kind < 0.88:
        form = rng.choice(ADDING if adds else TAKING)
        in_words = rng.random() < 0.25
        x, y = (WORDS[a], WORDS[b]) if in_words else (a, b)
        answer = f"{a} {'plus' if adds else 'minus'} {b} is {spoken(result)}."
        return Exchange("arithmetic", capitalised(form.format(a=x, b=y)), answer, result)
    from .names import HE, SHE
    thing, name = rng.choice(THINGS), rng.choice(SHE + HE)
    a, b = max(a, 2), max(b, 2)
    if not adds:
        a, b = max(a, b), min(a, b)
    prompt = rng.choice(MORE if adds else FEWER).format(a=a, b=b, t=thing, n=name)
    result = a + b if adds else a - b
    return Exchange("arithmetic", prompt, f"{a} {'+' if adds else '-'} {b} = {result}, so {result} {thing}.", result)


def too_hard(rng: random.Random) -> Exchange:
    c, d, e, f = rng.randint(21, 999), rng.randint(0, 999), rng.randint(2, 99), rng.randint(2, 20)
    if rng.random() < 0.3:
        d = rng.randint(0, 20)
    prompt = rng.choice(HARD).format(c=c, d=d, e=e, f=f)
    return Exchange("too hard", prompt, TOO_HARD, TOO_HARD)
