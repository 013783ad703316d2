"""Names of people and places, common ones and invented ones, so that copying a name is learned rather than a list."""

import random

SHE = """Ada Alice Amy Anna Bella Betty Carla Cara Daisy Dora Ella Elsa Emma Eva Fiona Flora Gina Greta Hana Helen Ida Ines
Ivy Jane Julia June Kate Kira Laura Lena Lily Lina Lola Lucy Maria Maya Mia Mila Mina Molly Nadia Nina Nora Olga Olive Paula
Petra Rita Rosa Rosie Ruby Ruth Sara Sofia Stella Tara Tilly Vera Wanda Zoe""".split()
HE = """Adam Alan Anton Arthur Ben Bert Bob Boris Bruno Carl Casper Dan David Dennis Eddie Emil Eric Felix Finn Frank Fred
George Gus Hans Harry Henry Hugo Ian Ivan Jack Jacob James Jim Joe John Karl Kevin Leo Leon Louis Lucas Mark Martin Max Mike
Milo Ned Nick Oliver Omar Oscar Otto Paul Pedro Peter Pip Ralph Rex Robin Rolf Sam Simon Theo Tim Tobi Tom Victor Walter
Will Zeno""".split()
SURNAMES = """Lee Stone Hill Brook Wood Miller Baker Cook Fisher Smith Brown Green White Black Gray Young King Field Moore Lane
Bell Carter Cole Ford Fox Grant Hart Hunt Knight Long Marsh Nash Page Park Reed Rose Shaw Swan West Winter""".split()
CITIES = """Paris Rome Berlin Madrid London Vienna Oslo Lisbon Dublin Prague Warsaw Athens Cairo Tokyo Lima Quito Boston Milan
Naples Porto Lyon Bergen Malmo Turin Basel Geneva Zurich Hamburg Munich Dresden York Leeds Bath Ghent Delft Graz Split Riga
Nice Seville Toledo Austin Denver Dallas Miami Chicago Sydney Perth Kyoto Osaka Delhi Mumbai Nairobi Lagos Accra""".split()

ONSETS = "b br c d dr f fl g gr h j k l m n p pl qu r s st t tr v w z sh th".split()
VOWELS = "a e i o u ai ee oo ia".split()
CODAS = ["", "", "", "n", "r", "l", "s", "m", "k", "x", "nd", "th"]


def invented_word(rng: random.Random, syllables: int) -> str:
    return "".join(rng.choice(ONSETS) + rng.choice(VOWELS) for _ in range(syllables)) + rng.choice(CODAS)


def person(rng: random.Random) -> str:
    if rng.random() < 0.25:
        return invented_word(rng, rng.choice((1, 2, 2))).capitalize()
    return rng.choice(SHE + HE)


def city(rng: random.Random) -> str:
    return invented_word(rng, 2).capitalize() if rng.random() < 0.2 else rng.choice(CITIES)


def is_she(name: str) -> bool:
    """Known names by their list, invented ones by their last letter."""
    return name in SHE or (name not in HE and name[-1] in "aei")
