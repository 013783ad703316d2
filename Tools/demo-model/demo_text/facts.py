"""Simple facts: calendar, numbers, letters, opposites, colours, animals, capitals. Each in several wordings."""

import random

from .arithmetic import WORDS
from .exchange import Exchange, capitalised, article

DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April May June July August September October November December".split()
ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
SEASONS = "spring summer autumn winter".split()
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
OPPOSITES = """big small;hot cold;up down;left right;day night;old young;happy sad;fast slow;high low;open closed;full empty;light
dark;rich poor;long short;wet dry;hard soft;early late;good bad;strong weak;near far;inside outside;black white;clean dirty;loud
quiet;thick thin;first last;heaven hell;always never;buy sell;begin end;give take;win lose;push pull;true false;yes no;love hate;
question answer;friend enemy;war peace;north south;east west;brave afraid;sweet sour;easy difficult;cheap expensive;wide narrow;
deep shallow;alive dead;empty full;tall short""".replace("\n", " ")
CAPITALS = """France Paris;Germany Berlin;Italy Rome;Spain Madrid;Portugal Lisbon;England London;Ireland Dublin;Austria Vienna;
Switzerland Bern;Belgium Brussels;Norway Oslo;Sweden Stockholm;Finland Helsinki;Denmark Copenhagen;Iceland Reykjavik;Poland Warsaw;
Hungary Budapest;Greece Athens;Turkey Ankara;Russia Moscow;Ukraine Kyiv;Romania Bucharest;Bulgaria Sofia;Croatia Zagreb;Egypt Cairo;
Kenya Nairobi;Morocco Rabat;Ghana Accra;Japan Tokyo;China Beijing;India Delhi;Thailand Bangkok;Vietnam Hanoi;Iran Tehran;
Iraq Baghdad;Canada Ottawa;Cuba Havana;Peru Lima;Chile Santiago;Australia Canberra;Estonia Tallinn;Latvia Riga"""
COLOURS = """the sky blue;grass green;snow white;coal black;blood red;the sun yellow;a banana yellow;a lemon yellow;milk white;
a strawberry red;a carrot orange;chocolate brown;a frog green;an elephant gray;a tomato red;the sea blue;a leaf green;
a raven black;a swan white;a cherry red;a pumpkin orange;a plum purple;a polar bear white;gold yellow;sand yellow;soil brown"""
MIXES = "red yellow orange;blue yellow green;red blue purple;black white gray;red white pink"
SOUNDS = """dog barks woof;cat meows meow;cow moos moo;sheep bleats baa;duck quacks quack;lion roars roar;horse neighs neigh;
pig oinks oink;frog croaks croak;bee buzzes buzz;snake hisses hiss;owl hoots hoot;wolf howls howl;rooster crows cock-a-doodle-doo;
mouse squeaks squeak;bird sings tweet;donkey brays hee-haw"""
YOUNG = """dog puppy;cat kitten;cow calf;sheep lamb;horse foal;pig piglet;hen chick;duck duckling;frog tadpole;bear cub;goat kid;
lion cub;goose gosling;deer fawn;swan cygnet;kangaroo joey"""
HOMES = "bird nest;bee hive;dog kennel;spider web;horse stable;fox den;rabbit burrow;ant anthill;lion den;pig sty"
LEGS = "dog 4;cat 4;spider 8;bird 2;ant 6;bee 6;horse 4;snake 0;cow 4;duck 2;person 2;fish 0;beetle 6;hen 2"
SIDES = "triangle 3;square 4;rectangle 4;pentagon 5;hexagon 6;octagon 8"
AMOUNTS = """days a week 7;hours a day 24;minutes an hour 60;seconds a minute 60;months a year 12;days a year 365;
seasons a year 4;letters the alphabet 26;legs a dozen spiders 96;eggs a dozen 12;years a century 100;wheels a car 4;wheels a bicycle 2;
weeks a year 52;cents a dollar 100;fingers one hand 5;players a football team 11"""
LENGTHS = "31 28 31 30 31 30 31 31 30 31 30 31".split()


def split(text: str) -> list[list[str]]:
    return [entry.split() for entry in text.replace("\n", " ").split(";")]


def last_split(text: str) -> list[list[str]]:
    return [entry.strip().rsplit(" ", 1) for entry in text.replace("\n", " ").split(";")]


# Per kind of fact: the wordings of its question, its answer, and the facts as values for both. The last value is expected.
KINDS: list[tuple[list[str], str, list[tuple]]] = []


def kind(wordings: list[str], answer: str, facts) -> None:
    KINDS.append((wordings, answer, [tuple(fact) for fact in facts]))


def sequence(values: list[str], noun: str, wraps: bool) -> None:
    """What comes after and before each value of a sequence."""
    last = len(values) if wraps else len(values) - 1
    after = [(values[i], values[(i + 1) % len(values)]) for i in range(last)]
    kind([f"What {noun} comes after {{0}}?", f"Which {noun} comes after {{0}}?", "What comes after {0}?", "What comes next after {0}?",
          f"Which {noun} follows {{0}}?", f"What is the {noun} after {{0}}?", f"Name the {noun} after {{0}}.", f"Tell me the {noun} after {{0}}.",
          "After {0} comes?"], "{1} comes after {0}.", after)
    kind([f"What {noun} comes before {{0}}?", f"Which {noun} comes before {{0}}?", "What comes before {0}?", "What comes right before {0}?",
          f"What is the {noun} before {{0}}?", f"Name the {noun} before {{0}}.", f"Tell me the {noun} before {{0}}.", "Before {0} comes?"],
         "{1} comes before {0}.", [(b, a) for a, b in after])


sequence(DAYS, "day", wraps=True)
sequence(MONTHS, "month", wraps=True)
sequence(SEASONS, "season", wraps=True)
sequence([str(n) for n in range(0, 31)], "number", wraps=False)
sequence(list(LETTERS), "letter", wraps=False)
kind(["What is the {0} month of the year?", "Which month is the {0}?", "What is the {0} month?", "Name the {0} month.",
      "Which is the {0} month of the year?", "Tell me the {0} month of the year."], "The {0} month is {1}.", zip(ORDINALS, MONTHS))
kind(["What is the {0} day of the week?", "Which day of the week is the {0}?", "What is the {0} day?", "Name the {0} day of the week.",
      "Tell me the {0} day of the week.", "Which is the {0} day of the week?"], "The {0} day of the week is {1}.", zip(ORDINALS, DAYS))
kind(["How many days does {0} have?", "How many days are in {0}?", "How many days are there in {0}?", "How long is {0}?",
      "How many days has {0}?", "Tell me how many days {0} has."], "{0} has {1} days.", zip(MONTHS, LENGTHS))
kind(["What is the {0} letter of the alphabet?", "Which letter is the {0}?", "What is the {0} letter?", "Name the {0} letter of the alphabet.",
      "Tell me the {0} letter."], "The {0} letter is {1}.", list(zip(ORDINALS, LETTERS)) + [("last", "Z")])
kind(["What is the opposite of {0}?", "What's the opposite of {0}?", "The opposite of {0}?", "Opposite of {0}", "Tell me the opposite of {0}.",
      "Which word is the opposite of {0}?", "What word means the opposite of {0}?", "Give me the opposite of {0}.",
      "Do you know the opposite of {0}?"], "The opposite of {0} is {1}.",
     list(dict((tuple(p)[0], tuple(p)[::1]) for p in [p for a, b in split(OPPOSITES) for p in ((b, a), (a, b))]).values()))
kind(["What is the capital of {0}?", "What's the capital of {0}?", "Which city is the capital of {0}?", "Capital of {0}?", "The capital of {0}?",
      "Name the capital of {0}.", "Tell me the capital of {0}.", "Do you know the capital of {0}?", "What is the capital city of {0}?",
      "What is {0}'s capital?"], "The capital of {0} is {1}.", split(CAPITALS))
kind(["{1} is the capital of which country?", "Which country has the capital {1}?", "Of which country is {1} the capital?",
      "What country is {1} the capital of?", "{1} is the capital of what?"], "{1} is the capital of {0}.", split(CAPITALS))
kind(["What color is {0}?", "What colour is {0}?", "Which color is {0}?", "What is the color of {0}?", "What is the colour of {0}?",
      "Tell me the color of {0}.", "Do you know the color of {0}?"], "{0} is {1}.", last_split(COLOURS))
kind(["What color do {0} and {1} make?", "What do you get when you mix {0} and {1}?", "Mix {0} and {1}.", "Which color do {1} and {0} make?",
      "What color is {0} mixed with {1}?", "What do {0} and {1} make?"], "{0} and {1} make {2}.", split(MIXES))
kind(["What sound does a {0} make?", "What does a {0} say?", "What noise does a {0} make?", "Which sound does a {0} make?", "How does a {0} sound?",
      "What sound do you hear from a {0}?", "Tell me the sound of a {0}.", "What does the {0} say?"], "A {0} {1}: {2}!", split(SOUNDS))
kind(["What is a baby {0} called?", "What is a young {0} called?", "What do you call a baby {0}?", "What do you call a young {0}?",
      "What's the name for a baby {0}?", "How is a young {0} called?", "Tell me the word for a young {0}."], "A young {0} is called a {1}.", split(YOUNG))
kind(["Where does a {0} live?", "What is the home of a {0} called?", "What is a {0}'s home called?", "Where does a {0} sleep?", "Where do you find a {0}?",
      "What is the home of a {0}?"], "A {0} lives in a {1}.", split(HOMES))
kind(["How many legs does a {0} have?", "How many legs has a {0}?", "A {0} has how many legs?", "What number of legs does a {0} have?",
      "Tell me how many legs a {0} has.", "On how many legs does a {0} walk?"], "A {0} has {1} legs.", split(LEGS))
kind(["How many sides does a {0} have?", "How many sides has a {0}?", "How many corners does a {0} have?", "A {0} has how many sides?",
      "Tell me how many sides a {0} has.", "How many edges does a {0} have?"], "A {0} has {1} sides.", split(SIDES))
kind(["How many {0} are in {1}?", "How many {0} are there in {1}?", "How many {0} does {1} have?", "How many {0} has {1}?",
      "Tell me how many {0} {1} has.", "What number of {0} does {1} have?"], "{1} has {2} {0}.",
     [(e[0], " ".join(e[1:-1]), e[-1]) for e in split(AMOUNTS) if "spiders" not in e])
kind(["Name the days of the week.", "What are the days of the week?", "List the days of the week.", "Which days does a week have?",
      "Tell me the days of the week.", "Tell me all days of the week."], "{0}.", [(", ".join(DAYS),)])
kind(["Name the months.", "What are the months of the year?", "List the months of the year.", "Which months does a year have?",
      "Tell me the months of the year.", "Tell me all months."], "{0}.", [(", ".join(MONTHS),)])
kind(["Name the seasons.", "What are the four seasons?", "List the seasons of the year.", "Which seasons does a year have?",
      "Tell me the seasons.", "Name the four seasons."], "{0}.", [(", ".join(SEASONS),)])
kind(["Say the alphabet.", "What is the alphabet?", "Write the alphabet.", "Tell me the alphabet.", "List the letters of the alphabet.",
      "Name all letters."], "{0}.", [(" ".join(LETTERS),)])

COUNT_UP = ["Count to {b}.", "Count from 1 to {b}.", "Can you count to {b}?", "Please count to {b}.", "Count up to {b}.", "Count for me to {b}."]
COUNT_FROM = ["Count from {a} to {b}.", "Can you count from {a} to {b}?", "Please count from {a} to {b}.", "Count up from {a} to {b}.",
              "Say the numbers from {a} to {b}.", "List the numbers from {a} to {b}."]
COUNT_DOWN = ["Count down from {b}.", "Count backwards from {b}.", "Can you count down from {b}?", "Count down from {b} to 1.", "Count back from {b}."]
BIGGER = ["Which is bigger, {a} or {b}?", "Which number is bigger, {a} or {b}?", "What is more, {a} or {b}?", "Is {a} or {b} bigger?",
          "Which is larger: {a} or {b}?"]
SPELL = ["Write {a} in words.", "How do you write {a} in words?", "How do you say {a} in words?", "What is {a} in words?", "Say {a} in words."]

WEIGHTS = [len(facts) ** 0.75 for _, _, facts in KINDS]
COUNT = sum(len(facts) for _, _, facts in KINDS)


def asked(question: str, values: tuple) -> str:
    """Fills a question and puts right the article of animals that begin with a vowel."""
    text = question.format(*values)
    for word in values:
        text = text.replace(f" a {word}", f" {article(str(word))}").replace(f"A {word}", capitalised(article(str(word))))
    return capitalised(text)


def draw(rng: random.Random) -> Exchange:
    chance = rng.random()
    if chance < 0.10:
        return counting(rng)
    wordings, answer, facts = rng.choices(KINDS, WEIGHTS)[0]
    question, values = rng.choice(wordings), rng.choice(facts)
    expect = values[0] if question.startswith("{1}") or "{0}" not in question and "{1}" in question else values[-1]
    return Exchange("facts", asked(question, values), asked(answer, values), expect)


def counting(rng: random.Random) -> Exchange:
    chance, a, b = rng.random(), rng.randint(1, 15), rng.randint(2, 20)
    if chance < 0.3:
        values = [str(n) for n in range(1, b + 1)]
        return Exchange("facts", rng.choice(COUNT_UP).format(b=b), ", ".join(values) + ".", ", ".join(values))
    if chance < 0.55:
        b = a + rng.randint(2, 6)
        values = [str(n) for n in range(a, b + 1)]
        return Exchange("facts", rng.choice(COUNT_FROM).format(a=a, b=b), ", ".join(values) + ".", ", ".join(values))
    if chance < 0.7:
        b = rng.randint(3, 12)
        values = [str(n) for n in range(b, 0, -1)]
        return Exchange("facts", rng.choice(COUNT_DOWN).format(b=b), ", ".join(values) + ".", ", ".join(values))
    if chance < 0.85:
        a, b = rng.sample(range(0, 21), 2)
        big, small = max(a, b), min(a, b)
        return Exchange("facts", rng.choice(BIGGER).format(a=a, b=b), f"{big} is bigger than {small}.", f"{big} is bigger")
    a = rng.randint(0, 20)
    return Exchange("facts", rng.choice(SPELL).format(a=a), f"{a} is {WORDS[a]}.", WORDS[a])
