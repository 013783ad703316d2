"""Small JSON records: what the question says, put into fields."""

import json
import random

from .exchange import Exchange, pick
from .names import SURNAMES, city, invented_word, person

KINDS = "dog cat rabbit horse parrot hamster goldfish pony mouse turtle".split()
PRODUCTS = "lamp chair table pen book phone radio bag shoe cup bottle clock knife shirt ball bike hat spoon mirror candle".split()
SKIES = "sunny cloudy rainy snowy windy foggy stormy clear".split()
TITLE_FIRST = "Red Blue Silent Last Lost Hidden Golden Dark Bright Long Old New Secret Green White Little Wild Cold".split()
TITLE_LAST = "Moon River House Garden Road Sea Forest Star Door Winter Island Letter Bird City Mountain Train Night Song".split()


def surname(rng):
    return invented_word(rng, 2).capitalize() if rng.random() < 0.3 else rng.choice(SURNAMES)


def person_record(rng):
    value = {"name": person(rng), "age": rng.randint(1, 99), "city": city(rng)}
    return "person", value, ["{name} is {age} years old and lives in {city}.", "{name}, {age}, {city}", "name {name}, age {age}, city {city}",
                             "{name} from {city}, {age} years old", "{name} lives in {city} and is {age}."]


def book_record(rng):
    title = f"{pick(rng, '', 'The ')}{rng.choice(TITLE_FIRST)} {rng.choice(TITLE_LAST)}"
    value = {"title": title, "author": f"{person(rng)} {surname(rng)}", "year": rng.randint(1900, 2025)}
    return "book", value, ["{title} by {author} from {year}.", "{title}, {author}, {year}", "title {title}, author {author}, year {year}",
                           "{author} wrote {title} in {year}.", "{title} was written by {author} in {year}."]


def pet_record(rng):
    value = {"name": person(rng), "kind": rng.choice(KINDS), "age": rng.randint(1, 20)}
    return "pet", value, ["{name} is a {kind} and {age} years old.", "{name}, {kind}, {age}", "name {name}, kind {kind}, age {age}",
                          "a {kind} named {name}, {age} years old", "{name} the {kind} is {age}."]


def product_record(rng):
    product = rng.choice(PRODUCTS) if rng.random() < 0.8 else invented_word(rng, 2)
    value = {"product": product, "price": rng.randint(1, 500), "stock": rng.randint(0, 99)}
    return "product", value, ["{product}, {price}, {stock}", "product {product}, price {price}, stock {stock}", "a {product} costs {price} and {stock} are in stock.",
                              "{stock} of the {product} for {price} each", "the {product} costs {price}; there are {stock}."]


def weather_record(rng):
    value = {"city": city(rng), "temperature": rng.randint(-15, 40), "sky": rng.choice(SKIES)}
    return "weather", value, ["{city}, {temperature}, {sky}", "city {city}, temperature {temperature}, sky {sky}", "in {city} it is {sky} and {temperature} degrees.",
                              "it is {temperature} degrees and {sky} in {city}.", "{sky} in {city}, {temperature} degrees"]


MAKERS = [person_record, person_record, book_record, pet_record, product_record, weather_record]
REQUESTS = ["Write this {k} as JSON: {d}", "Give me a JSON record of a {k}: {d}", "Make a JSON {k}: {d}", "JSON of a {k}: {d}", "As JSON: {d}", "Answer in JSON. {d}",
            "Turn this into JSON: {d}", "Convert to JSON: {d}", "{d} Give it as JSON.", "{d} Write it as JSON.", "Put this {k} into JSON: {d}", "JSON: {d}",
            "I need a JSON record. The {k}: {d}", "Return JSON for this {k}: {d}"]
FREE = ["Give me a JSON record of a {k}.", "Make up a {k} in JSON.", "Write a {k} as JSON.", "Show me a {k} in JSON.", "An example {k} as JSON.", "Give me an example of JSON for a {k}.",
        "Invent a {k} and answer in JSON.", "A {k} in JSON, please."]


def draw(rng: random.Random) -> Exchange:
    kind, value, descriptions = rng.choice(MAKERS)(rng)
    answer = json.dumps(value)
    if rng.random() < 0.12:
        return Exchange("free records", rng.choice(FREE).format(k=kind), answer, sorted(value))
    described = rng.choice(descriptions).format(**value)
    request = rng.choice(REQUESTS)
    if request.startswith("{d}"):
        described = described[0].upper() + described[1:].rstrip(".") + "."
    return Exchange("records", request.format(k=kind, d=described), answer, value)
