"""Questions outside all that the model knows, made from word lists and invented words. All have one answer."""

import random

from .exchange import Exchange, capitalised, pick
from .names import HE, SHE, SURNAMES, invented_word, person

ANSWER = "I do not know that. I am only a small demo model."
EXPECT = "I do not know"

TOPICS = """gravity photosynthesis electricity magnetism evolution inflation democracy philosophy chemistry biology physics algebra
geometry economics psychology astronomy geology history music theater football tennis chess basketball politics religion medicine
insurance taxes banking marketing blockchain bitcoin quantum computing|machine learning|black holes|neural networks|climate change|
solar energy|nuclear power|the internet|the moon landing|the french revolution|the roman empire|the second world war|the stock market|
the big bang|the human brain|the immune system|volcanoes|earthquakes|hurricanes|dinosaurs|vaccines|bacteria|viruses|atoms|molecules|
proteins|enzymes|robots|satellites|airplanes|submarines|skyscrapers|bridges|tunnels|pyramids|castles|cathedrals|opera|ballet|jazz|
poetry|sculpture|painting|photography|cinema|fashion|cooking|gardening|fishing|hunting|sailing|climbing|yoga|meditation|dentists|
lawyers|engineers|pilots|sailors|kings|pharaohs|vikings|samurai|knights|pirates|whales|sharks|penguins|tigers|giraffes|camels|
crocodiles|octopuses|butterflies|mushrooms|cactuses|orchids|oak trees|coffee|tea|wine|cheese|bread|pizza|sushi|pasta|salt|sugar|
diamonds|steel|glass|plastic|paper|concrete|rubber|cotton|silk|leather|engines|batteries|transistors|lasers|telescopes|microscopes|
clocks|pianos|violins|guitars|drums|trumpets|python|javascript|rust|linux|windows|docker|databases|compilers|sorting|recursion|
cryptography|probability|statistics|calculus|topology|logic|set theory|prime numbers|matrices|vectors|kangaroo hunting|tax law"""
THINGS = """the moon;the ocean;Mount Everest;the Eiffel Tower;the Great Wall;a bicycle;a piano;a train;a house;a computer;a phone;a cake;
an omelet;a rocket;a table;a bridge;a radio;a clock;the Amazon;the Nile;the Sahara;the Pacific;a whale;a volcano;a cloud;a river;an engine;
a window;a camera;a telescope;a violin;the universe;an airplane;a ship;a washing machine;a fridge;a garden;a mirror;a pencil;a candle;a magnet;
a rainbow;the earth;Jupiter;Saturn;a diamond;a mountain;the president;the king;my neighbor;my boss;the queen;the mayor""".replace("\n", "").split(";")
COUNTRIES = """Brazil Argentina Mexico Colombia Bolivia Paraguay Uruguay Ecuador Venezuela Panama Nigeria Ethiopia Somalia Senegal Mali Chad
Niger Angola Zambia Malawi Namibia Botswana Tunisia Algeria Libya Sudan Syria Jordan Lebanon Israel Kuwait Qatar Oman Yemen Nepal
Bhutan Laos Cambodia Malaysia Indonesia Mongolia Serbia Slovenia Slovakia Albania Lithuania Belarus Georgia Armenia Malta
Cyprus Luxembourg Pakistan Afghanistan Bangladesh Jamaica Haiti Honduras Guatemala Fiji Samoa Texas California Bavaria Mars""".split()
LANGUAGES = "French German Spanish Italian Latin Greek Chinese Japanese Russian Dutch Polish Turkish Arabic Swedish".split()
CODE = "Python Java C Rust JavaScript Haskell Ruby SQL Perl Go".split()
ODD = """table chair window purple yesterday pencil music house bread river computer lamp finger silence spoon cloud mountain garden piano
teacher doctor paper bottle shoe ticket engine forest island kitchen bridge letter camera hammer""".split()
ABOUT = ["What is {t}?", "Explain {t}.", "Tell me about {t}.", "How does {t} work?", "What do you think about {t}?", "Who invented {t}?", "Why is {t} important?",
         "What is the history of {t}?", "Write an essay about {t}.", "Write a poem about {t}.", "Give me a summary of {t}.", "When did {t} begin?", "Do you like {t}?",
         "What do you know about {t}?", "Where does {t} come from?", "Can you explain {t} to me?", "Define {t}.", "What are the rules of {t}?", "Teach me {t}.",
         "What is the best book about {t}?", "Who is the best at {t}?", "How can I learn {t}?", "What are {t}?", "Is {t} dangerous?", "Compare {t} and {u}.",
         "What is the difference between {t} and {u}?", "Which is better, {t} or {u}?"]
OF_THINGS = ["How tall is {x}?", "How old is {x}?", "How far is {x}?", "How heavy is {x}?", "How do I build {x}?", "How do I repair {x}?", "Who made {x}?",
             "How much does {x} cost?", "Where can I buy {x}?", "When was {x} built?", "Why does {x} exist?", "How do I make {x}?", "How fast is {x}?",
             "How deep is {x}?", "Draw {x}.", "Who discovered {x}?", "How is {x} made?", "What is the weight of {x}?", "Where is {x}?", "Show me {x}.",
             "What is inside {x}?", "Can you fix {x}?", "Who is {x}?", "What does {x} look like?"]
ATTRIBUTES = "size price age length shape owner cause end origin meaning center value weight height smell taste rule number work".split()
DEEDS = "clean open close paint move sell carry grow wash cut fold sew draw feed train drive teach hide measure lift".split()
OF_DEEDS = ["How do I {v} {x}?", "How can I {v} {x}?", "How to {v} {x}?", "What command do I use to {v} {x}?", "Who can {v} {x}?", "When should I {v} {x}?"]
OF_YEARS = ["Who ruled in {y}?", "Where were you in {y}?", "What was invented in {y}?", "Who was born in {y}?", "What will come in {y}?", "Was {y} a good year?"]
PEOPLE = ["Who is {p}?", "Who was {p}?", "When was {p} born?", "Where does {p} live?", "What did {p} write?", "How old is {p}?", "What is the phone number of {p}?",
          "Is {p} married?", "What does {p} think?", "What is {p} famous for?", "Did {p} win?", "Tell me about {p}."]
WORDS_OF = ["Translate {w} into {l}.", "What is {w} in {l}?", "How do you say {w} in {l}?", "Translate '{w}' to {l}.", "Do you speak {l}?", "Say something in {l}."]
PROGRAMS = ["Write a {c} program that sorts a list.", "Write {c} code.", "How do I open a file in {c}?", "Write a function in {c}.", "Fix my {c} code.", "Is {c} a good language?",
            "How do I write a loop in {c}?", "What is a class in {c}?"]
ODD_FORMS = ["What is the opposite of {o}?", "What sound does a {o} make?", "What is a young {o} called?", "What color is {o}?", "What comes after {o}?",
             "How many legs does a {o} have?", "What comes before {o}?", "How many days does {o} have?", "How many sides does a {o} have?"]
NOW = ["What time is it?", "What is the date today?", "What is the weather today?", "Will it rain tomorrow?", "What is in the news?", "Where am I?", "What did I eat yesterday?",
       "Who will win the election?", "What is the meaning of life?", "Play some music.", "Send an email to my boss.", "Book a flight to Paris.", "What should I wear today?",
       "How do I get rich?", "Tell me a secret.", "What is the price of gold?", "Read my mail.", "Turn on the light.", "Order a pizza.", "What day is it today?",
       "What year is it?", "Who won the game?", "Where are my keys?", "What is my password?", "Why am I sad?", "Should I marry?", "Set an alarm.", "Open the door.",
       "How is the weather in {k}?", "What is the population of {k}?", "Who is the president of {k}?", "What language do they speak in {k}?", "How do I travel to {k}?",
       "How big is {k}?", "What is the currency of {k}?", "Who rules {k}?"]
CAPITAL = ["What is the capital of {k}?", "What's the capital of {k}?", "Capital of {k}?", "Tell me the capital of {k}.", "Which city is the capital of {k}?",
           "Name the capital of {k}.", "The capital of {k}?"]


def topics() -> list[str]:
    first, *rest = TOPICS.replace("\n", " ").replace("| ", "|").split("|")
    words = first.split()
    return words[:-2] + [" ".join(words[-2:])] + rest


TOPIC_LIST = topics()


def draw(rng: random.Random) -> Exchange:
    chance = rng.random()
    topic = lambda: rng.choice(TOPIC_LIST) if rng.random() < 0.7 else invented_word(rng, rng.choice((2, 2, 3)))
    if chance < 0.30:
        prompt = rng.choice(ABOUT).format(t=topic(), u=topic())
    elif chance < 0.47:
        prompt = rng.choice(OF_THINGS).format(x=rng.choice(THINGS) if rng.random() < 0.7 else pick(rng, "a ", "the ") + invented_word(rng, 2))
    elif chance < 0.57:
        name = person(rng) + " " + (rng.choice(SURNAMES) if rng.random() < 0.6 else invented_word(rng, 2).capitalize())
        prompt = rng.choice(PEOPLE).format(p=name)
    elif chance < 0.63:
        word = rng.choice(ODD) if rng.random() < 0.6 else invented_word(rng, 2)
        prompt = rng.choice(WORDS_OF).format(w=word, l=rng.choice(LANGUAGES))
    elif chance < 0.68:
        prompt = rng.choice(PROGRAMS).format(c=rng.choice(CODE))
    elif chance < 0.78:
        prompt = rng.choice(ODD_FORMS).format(o=rng.choice(ODD) if rng.random() < 0.5 else invented_word(rng, 2))
    elif chance < 0.86:
        prompt = rng.choice(CAPITAL).format(k=rng.choice(COUNTRIES) if rng.random() < 0.5 else invented_word(rng, 2).capitalize())
    elif chance < 0.96:
        prompt = rng.choice(NOW).format(k=rng.choice(COUNTRIES))
    else:
        prompt = " ".join(invented_word(rng, rng.choice((1, 2))) for _ in range(rng.randint(1, 5))) + pick(rng, "", "?", ".")
    return Exchange("refusal", capitalised(prompt), ANSWER, EXPECT)


def draw_deeds(rng: random.Random) -> Exchange:
    """Deeds, years, and properties of things: near in wording to what is asked about Realizar."""
    thing = rng.choice(THINGS) if rng.random() < 0.7 else "the " + invented_word(rng, 2)
    chance = rng.random()
    if chance < 0.15:
        prompt = rng.choice(OF_YEARS).format(y=rng.randint(1000, 2090))
    elif chance < 0.5:
        prompt = f"What is the {rng.choice(ATTRIBUTES)} of {thing}?"
    else:
        prompt = rng.choice(OF_DEEDS).format(v=rng.choice(DEEDS), x=thing)
    return Exchange("refusal", prompt, ANSWER, EXPECT)
