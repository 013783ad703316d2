"""Short stories by a grammar of plots: a hero, a place, a trouble, a helper who really helps with it, an end that fits."""

import dataclasses
import random

from .exchange import Exchange, article, capitalised, pick
from .names import HE, NICKNAMES, SHE, invented_word, is_she, person

CREATURES = "dog cat rabbit bear mouse fox bird duck frog horse elephant lion hedgehog squirrel owl turtle pig goat donkey penguin".split()
OBJECTS = "robot teapot boat train car lamp clock kite drum snowman balloon tractor".split()
ADJECTIVES = "little small kind brave happy curious shy clever friendly young".split()
PLACES = ["in a small village", "by the sea", "near the forest", "on a farm", "on a green hill", "by the river", "in a little house", "in an old castle",
          "near the mountains", "in a big city", "at the end of a long road", "in a quiet valley"]
OBJECTS_LOST = "ball hat scarf book spoon bell key drum shell toy".split()
COLOURS = "red blue green yellow white golden".split()
FEELINGS = ["very happy", "so happy", "full of joy", "very glad"]


@dataclasses.dataclass
class Hero:
    name: str
    kind: str
    adjective: str
    place: str
    helper: str
    helper_kind: str

    @property
    def words(self) -> dict[str, str]:
        """Values for the plots: N the hero, K its kind, H the helper, and pronouns; capitals begin a sentence."""
        she = self.kind == "girl" or self.kind not in ("boy",) and is_she(self.name)
        helper_she = is_she(self.helper)
        he, him, his = ("she", "her", "her") if she else ("he", "him", "his")
        hhe, hhim, hhis = ("she", "her", "her") if helper_she else ("he", "him", "his")
        return dict(N=self.name, K=self.kind, J=self.adjective, P=self.place, H=self.helper, HK=self.helper_kind, he=he, him=him, his=his, He=he.capitalize(),
                    His=his.capitalize(), hhe=hhe, hhim=hhim, hhis=hhis, Hhe=hhe.capitalize(), aHK=article(self.helper_kind), AHK=capitalised(article(self.helper_kind)))


def hero(rng: random.Random) -> Hero:
    chance = rng.random()
    name = person(rng)
    if chance < 0.4:
        if name not in SHE + HE:
            kind = rng.choice(("girl", "boy"))
        else:
            kind = "girl" if name in SHE else "boy"
    else:
        kind = rng.choice(CREATURES if chance < 0.8 else OBJECTS)
    helper = invented_word(rng, 2).capitalize() if rng.random() < 0.25 else rng.choice([n for n in SHE + HE + NICKNAMES if n != name])
    helper_kind = rng.choice([k for k in CREATURES if k != kind])
    return Hero(name, kind, rng.choice(ADJECTIVES), rng.choice(PLACES), helper, helper_kind)


OPENINGS = ["{There} was {aJ} {K} named {N}. {N} lived {P}.", "{There} was {aJ} {K} called {N}, who lived {P}.", "{There}, {P}, there lived {aJ} {K} named {N}."]
MEETINGS = ["Then {aHK} named {H} came by.", "Just then {aHK} named {H} came along.", "{AHK} named {H} saw {him}.", "After a while {N} met {aHK} named {H}."]
QUESTIONS = ["\"What is wrong?\" asked {H}.", "\"Why are you sad, {N}?\" asked {H}.", "\"Can I help you?\" asked {H}."]
THANKS = ["\"Thank you, {H}!\" said {N}.", "\"Thank you so much!\" said {N}.", "{N} thanked {H} with a big smile."]
ENDS = ["From that day on, {N} and {H} were best friends.", "{N} and {H} stayed friends forever.", "{N} went home and was {f}.", "That night {N} slept well and dreamed of {H}.",
        "And they all lived happily ever after."]

# Each plot: ways to tell the trouble, how the hero feels, what the helper says and does, and how it turns out.
PLOTS: list[tuple[list[str], list[str], list[str], list[str]]] = [
    (["One day {N} lost {his} {c} {o}. {He} looked under the bed, but the {o} was not there.", "One morning {N} could not find {his} {c} {o}. {He} looked everywhere."],
     ["{N} was very sad.", "{N} began to cry."],
     ["\"I lost my {o},\" said {N}. \"Let us look together,\" said {H}.", "\"My {c} {o} is gone,\" said {N}. \"I will help you find it,\" said {H}."],
     ["They looked behind the house, and there was the {c} {o}!", "They looked under a big tree. There it was, the {c} {o}!"]),
    (["One day {N} played with a {c} kite. The wind took it, and the kite got stuck in a tall tree.", "{N} had a {c} kite. One windy day it flew into a tree and got stuck."],
     ["{N} could not reach it.", "The tree was too high for {N}."],
     ["\"My kite is in the tree,\" said {N}. \"I can climb,\" said {H}.", "\"I cannot reach my kite,\" said {N}. \"I will get it for you,\" said {H}."],
     ["{H} climbed up the tree and brought the kite back.", "{H} went up, branch by branch, and came down with the {c} kite."]),
    (["One day it began to rain, and {N} was far from home.", "One afternoon {N} went for a walk. Dark clouds came, and it rained and rained."],
     ["{N} was wet and cold.", "{He} had no umbrella."],
     ["\"I am so wet,\" said {N}. \"Come under my {c} umbrella,\" said {H}.", "\"I have no umbrella,\" said {N}. \"We can share mine,\" said {H}. It was big and {c}."],
     ["They walked home together under the umbrella.", "Under the {c} umbrella they stayed dry all the way home."]),
    (["One winter day {N} had nothing to eat.", "One day {N} was very hungry, but there was no food in the house."],
     ["{His} belly was empty.", "{N} felt weak and sad."],
     ["\"I am hungry,\" said {N}. \"I have warm soup,\" said {H}.", "\"I have no food,\" said {N}. \"I have bread for two,\" said {H}."],
     ["They sat down and ate together until they were full.", "{H} shared it with {N}, and it tasted very good."]),
    (["{N} was afraid of the dark. One night the lamp went out.", "Every night {N} was afraid, because it was so dark."],
     ["{He} could not sleep.", "{N} hid under the blanket."],
     ["\"I am afraid of the dark,\" said {N}. \"Look up at the stars,\" said {H}.", "\"It is so dark,\" said {N}. \"The dark is full of stars,\" said {H}."],
     ["{N} looked up. The stars were bright, and {he} was not afraid any more.", "They counted the stars together, and the dark was beautiful."]),
    (["One day {N} wanted to cross the river, but there was no bridge.", "{N} wanted to visit the other side of the river. The water was deep and fast."],
     ["{He} did not know what to do.", "{N} sat down by the water and waited."],
     ["\"I cannot cross the river,\" said {N}. \"Let us build a bridge,\" said {H}.", "\"How can I get over the river?\" said {N}. \"We can build a bridge,\" said {H}."],
     ["They built a bridge of wood and crossed the river together.", "They worked all day, and in the evening they walked over their new bridge."]),
    (["{N} wanted to sing, but {he} was too shy.", "There was a song in the heart of {N}, but {he} never dared to sing it."],
     ["{N} only sang when nobody was there.", "{He} was afraid that the others would laugh."],
     ["\"I am too shy to sing,\" said {N}. \"Sing with me,\" said {H}.", "\"I cannot sing,\" said {N}. \"We can sing together,\" said {H}."],
     ["First they sang softly, then loudly, and everybody liked the song.", "They sang together, and all the others clapped."]),
    (["One day {N} walked into the woods and lost the way.", "One evening {N} went too far and could not find the way home."],
     ["All the trees looked the same.", "It was getting late, and {N} was afraid."],
     ["\"I am lost,\" said {N}. \"I know the way,\" said {H}.", "\"I want to go home,\" said {N}. \"Follow me,\" said {H}. \"I know every path.\""],
     ["{H} led {N} along the path, and soon they saw the lights of home.", "They walked past the old oak and over the hill, and there was the house of {N}."]),
    (["It was the birthday of {N}, but there was no cake.", "{N} had a birthday, and nobody had made a cake."],
     ["{N} sat alone at the table.", "It was a sad birthday."],
     ["\"I have no cake,\" said {N}. \"Let us bake one,\" said {H}.", "\"Today is my birthday,\" said {N}. \"Then we must bake a cake,\" said {H}."],
     ["They baked a big cake with {c} cream and ate it together.", "Soon there was a warm cake on the table, and they danced and sang."]),
    (["One day the cart of {N} broke. A wheel had come off.", "{N} had a {c} cart. One day a wheel broke, and the cart stood still."],
     ["{N} could not go on.", "{He} tried to repair it, but it was too heavy."],
     ["\"My wheel is broken,\" said {N}. \"I will hold the cart for you,\" said {H}.", "\"My cart is broken,\" said {N}. \"Two can lift more than one,\" said {H}."],
     ["Together they put the wheel back, and the cart rolled again.", "{H} lifted the cart and {N} put the wheel on. It worked!"]),
    (["{N} planted a seed, but nothing grew.", "One spring {N} put a small seed into the ground. {He} waited for many days, and nothing came up."],
     ["{N} was disappointed.", "{He} looked at the dry ground every morning."],
     ["\"My seed does not grow,\" said {N}. \"It needs water,\" said {H}.", "\"Nothing comes up,\" said {N}. \"Give it water every day,\" said {H}."],
     ["{N} watered the seed every day, and soon there was a {c} flower.", "They brought water from the well. A week later a {c} flower opened."]),
    (["One night {N} heard a strange noise at the door.", "One evening there was a noise outside, and {N} did not know what it was."],
     ["{N} was afraid, but {he} opened the door.", "{He} took a lamp and went to look."],
     ["It was {H}. \"I am cold,\" said {H}. \"Come in,\" said {N}.", "There stood {H}. \"May I stay here tonight?\" asked {H}. \"Of course,\" said {N}."],
     ["They sat by the fire and told stories until they fell asleep.", "They drank warm milk together and laughed about the noise."]),
    (["{N} had never seen snow. One winter morning everything was white.", "One morning {N} woke up, and the whole world was white with snow."],
     ["{N} wanted to play, but {he} was alone.", "{He} ran outside, but nobody was there to play with."],
     ["\"Do you want to play?\" asked {N}. \"Yes, let us build a snow house,\" said {H}.", "\"I am alone,\" said {N}. \"Not any more,\" said {H}."],
     ["They built a big house of snow with a {c} flag on top.", "They played in the snow until the sun went down."]),
]
ARRIVES_ITSELF = 11  # the plot in which the helper is the trouble

ASK_NAMED = ["Tell me a story about {aK} named {N}.", "Tell me a story about {aK} called {N}.", "Tell me a story about {N} the {K}.", "Write a short story about {aK} named {N}.",
             "Write a story about {aK} called {N}.", "Can you tell me a story about {aK} named {N}?", "A story about {aK} named {N}, please.", "I want a story about {aK} named {N}.",
             "Make up a story about {N} the {K}.", "Tell a short story about {N}, {aK}.", "Please tell a story about {aK} called {N}."]
ASK_KIND = ["Tell me a story about {aK}.", "Write a story about {aK}.", "Tell a story about {aK}.", "A short story about {aK}, please.", "Can you tell a story about {aK}?"]
ASK_ANY = ["Tell me a story.", "Write a story.", "Tell me a short story.", "Can you tell me a story?", "Write a short story.", "I want to hear a story.", "A story, please.",
           "Please tell me a bedtime story.", "Do you know a story?", "Make up a story."]


def tell(rng: random.Random, hero: Hero) -> str:
    words = hero.words | dict(c=rng.choice(COLOURS), o=rng.choice(OBJECTS_LOST), f=rng.choice(FEELINGS), aJ=article(hero.adjective), There="Once upon a time")
    number = rng.randrange(len(PLOTS))
    troubles, feelings, helps, turns = PLOTS[number]
    opening = rng.choice(OPENINGS)
    if opening.startswith("{There} was"):
        words["There"] = pick(rng, "Once upon a time there", "Once there", "Once upon a time, there", "There")
    else:
        words["There"] = pick(rng, "Once upon a time", "Long ago", "A long time ago")
    parts = [opening, rng.choice(troubles), rng.choice(feelings)]
    parts.append("{AHK} stood there." if number == ARRIVES_ITSELF else rng.choice(MEETINGS))
    if number not in (ARRIVES_ITSELF, 12):
        parts.append(rng.choice(QUESTIONS))
    parts += [rng.choice(helps), rng.choice(turns)]
    parts.append(rng.choice(THANKS) if number != ARRIVES_ITSELF else "\"Thank you, {N}!\" said {H}.")
    parts.append(rng.choice(ENDS))
    return " ".join(part.format(**words) for part in parts)


def draw(rng: random.Random) -> Exchange:
    who, chance = hero(rng), rng.random()
    form = rng.choice(ASK_NAMED if chance < 0.75 else ASK_KIND if chance < 0.9 else ASK_ANY)
    prompt = form.format(N=who.name, K=who.kind, aK=article(who.kind))
    return Exchange("stories", prompt, tell(rng, who), who.name if chance < 0.75 else "")
