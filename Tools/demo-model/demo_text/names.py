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

NICKNAMES = """Amber Bandit Bella Biscuit Blaze Blossom Bramble Bubbles Buddy Button Candy Charlie Chip Clover Coco Comet Cookie Copper Dash Dusty
Fern Fluffy Ginger Goldie Happy Hazel Honey Jasper Lucky Maple Marble Misty Muffin Nibbles Nutmeg Oreo Patch Peanut Pearl Pebble Penny Pepper Pixel
Poppy Puddle Pumpkin Rocky Rusty Sandy Scout Shadow Smokey Snowy Sparky Spot Sunny Toffee Toby Tiger Trixie Twinkle Whiskers Willow Ziggy""".split()

ONSETS = "b bl br c ch cl cr d dr f fl fr g gl gr h j k kn l m n p ph pl pr qu r s sc sh sk sl sm sn sp st str sw t th tr tw v w wh y z".split()
VOWELS = "a a e e i i o o u u y ai au ay ea ee ei ia ie oa oo ou".split()
JOINTS = ["", "", "", "b", "ck", "d", "ff", "g", "l", "ll", "m", "mm", "n", "nd", "nn", "pp", "r", "rr", "s", "ss", "st", "t", "tt", "x", "zz"]
CODAS = ["", "", "", "a", "ck", "d", "er", "ey", "ff", "ie", "k", "l", "le", "m", "n", "nd", "ng", "o", "p", "r", "s", "sh", "st", "t", "th", "us", "x", "y"]


def invented_word(rng: random.Random, syllables: int) -> str:
    """Letters of any kind that can be spoken, so that only copying them piece by piece gets them right."""
    inner = "".join(rng.choice(ONSETS) + rng.choice(VOWELS) + rng.choice(JOINTS) for _ in range(syllables - 1))
    return inner + rng.choice(ONSETS) + rng.choice(VOWELS) + rng.choice(CODAS)


def person(rng: random.Random) -> str:
    chance = rng.random()
    if chance < 0.40:
        return invented_word(rng, rng.choice((1, 2, 2, 3))).capitalize()
    return rng.choice(NICKNAMES if chance < 0.55 else SHE + HE)


def city(rng: random.Random) -> str:
    return invented_word(rng, 2).capitalize() if rng.random() < 0.35 else rng.choice(CITIES)


def is_she(name: str) -> bool:
    """Known names by their list, invented ones by their last letter."""
    return name in SHE or (name not in HE and name[-1] in "aei")
