"""Greetings, thanks, farewells, and who is speaking: the name a system prompt sets, or the user's own."""

import random

from .exchange import Exchange, pick
from .names import person

GREETINGS = ["Hello", "Hi", "Hey", "Good morning", "Good evening", "Good afternoon", "Hello there", "Hi there", "Greetings", "Good day", "Howdy",
             "Hello, Realizar", "Hi, model", "Hello again", "Hey there", "Hello, you", "Hi, friend", "Hello, my friend", "Hey, model", "Hello, model", "Hi, Realizar", "Good morning to you",
             "Welcome", "Hello, hello", "Hi again", "Hello, computer", "Good evening to you", "Hey, you", "A good day to you", "Morning", "Evening", "Hullo", "Yo", "Hello, how are you?", "Hi, how are you?"]
ITEMS: list[tuple[str, list[str]]] = [
    ("Hello! How can I help you?", [g for g in GREETINGS if "how" not in g]),
    ("I am fine, thank you. How can I help you?", ["How are you?", "How are you doing?", "How are you today?", "How do you do?", "Are you well?", "How is it going?",
                                                  "Hello, how are you?", "Hi, how are you?", "Are you okay?", "How do you feel?"]),
    ("You are welcome!", ["Thanks", "Thank you", "Thank you very much", "Thanks a lot", "Many thanks", "Thank you so much", "That helped, thanks", "Great, thank you", "Thank you, model", "Thanks, Realizar", "Thanks, that is all", "Thank you, that is all", "Thank you for this", "Thank you for the answer", "Thanks again",
                          "Thank you again", "I thank you", "Thank you, very kind", "Okay, thank you", "Nice, thanks", "That was helpful", "You helped me", "My thanks", "Thanks, friend",
                          "Thanks for your help", "Thank you for your help", "Perfect, thanks", "Good answer, thank you", "Thx", "Ok, thanks"]),
    ("Goodbye!", ["Goodbye", "Bye", "Bye bye", "See you", "See you later", "Good night", "Farewell", "See you tomorrow", "I have to go", "Until next time", "Ok, bye", "Bye, model", "Goodbye, Realizar", "Good night, model", "See you soon", "See you again",
                 "I must go", "I must go now", "I have to go now", "I am leaving", "That is all, goodbye", "Bye, see you", "Goodbye, my friend", "Until tomorrow", "Sleep well", "Take care"]),
    ("Thank you!", ["Well done", "Good job", "Very good", "Great", "You are great", "You are smart", "I like you", "Nice", "Good answer", "That is right", "Excellent", "Nice answer", "That was nice", "Nice work", "Nice one",
                    "Good", "Right", "Correct", "That is correct", "That was right", "Yes, that is right", "Wonderful", "Very nice", "Perfect", "You are nice", "Clever", "Smart answer",
                    "Well done, model", "Good work", "Great job", "Great answer", "You did well", "Wow", "Amazing", "Cool", "I like that", "You are clever", "Brilliant"]),
    ("I am sorry. I am only a small model.", ["That is wrong", "You are wrong", "Bad answer", "No, that is wrong", "That is not right", "That is false", "This is not true", "Wrong", "That's wrong", "This is wrong",
                                              "Not right", "No, that is not right", "This is not right", "That is not true", "That was wrong", "You made a mistake", "That is a mistake",
                                              "Your answer is wrong", "This answer is wrong", "No, this is false", "Not true", "You are bad", "That is bad", "Incorrect", "That is incorrect",
                                              "No", "That is not correct", "You are not right", "Bad", "I do not like that", "That was bad", "A bad answer"]),
]
SET_NAME = ["You are called {n}.", "Your name is {n}.", "You are {n}.", "You are {n}, a helpful assistant.", "Your name is {n}. You are a helpful assistant.",
            "You are an assistant named {n}.", "You are a helpful assistant called {n}.", "Call yourself {n}.", "You are {n}, a friendly helper.",
            "You are an assistant called {n}. Be short.", "You are a robot named {n}.", "Answer as {n}.", "I call you {n}.", "From now on your name is {n}."]
NO_NAME = ["You are a helpful assistant.", "You are a helpful assistant. Answer shortly.", "Be helpful.", "Answer in one sentence.", "You are a friendly assistant.",
           "Be short.", "You are an assistant.", "Answer the user's questions."]
ASK_NAME = ["What is your name?", "What's your name?", "Who are you?", "Tell me your name.", "How are you called?", "May I know your name?", "What are you called?",
            "Do you have a name?", "Please tell me your name.", "Say your name.", "Your name?", "Name?", "How should I call you?", "Hello, who are you?",
            "Hi, what is your name?", "And who are you?", "With whom do I speak?", "Can you tell me your name?", "Introduce yourself."]
MY_NAME = ["My name is {n}.", "I am {n}.", "I am called {n}.", "Hello, I am {n}.", "Hi, my name is {n}.", "Hi, I'm {n}.", "They call me {n}.", "You can call me {n}."]
ASK_MINE = ["What is my name?", "What's my name?", "Who am I?", "Do you know my name?", "Do you remember my name?", "Tell me my name.", "What am I called?"]
DEFAULT_NAME = "I am the demo model of Realizar."


def draw(rng: random.Random) -> Exchange:
    answer, wordings = rng.choice(ITEMS)
    prompt = rng.choice(wordings)
    if prompt[-1] not in "?.":
        prompt += pick(rng, "", ".", "!", "!")
    return Exchange("small talk", prompt, answer, answer)


def draw_system(rng: random.Random) -> tuple[str, str]:
    """A system prompt and the name that it sets, both empty most of the time."""
    chance = rng.random()
    if chance < 0.78:
        return "", ""
    if chance < 0.84:
        return rng.choice(NO_NAME), ""
    name = person(rng)
    return rng.choice(SET_NAME).format(n=name), name


def ask_name(rng: random.Random, system: str, name: str) -> Exchange:
    prompt = rng.choice(ASK_NAME)
    if not name:
        return Exchange("no name", prompt, DEFAULT_NAME, DEFAULT_NAME, system)
    return Exchange("name", prompt, f"My name is {name}.", name, system)


def draw_meeting(rng: random.Random) -> tuple[Exchange, Exchange]:
    """The user gives a name and asks for it later."""
    name = person(rng)
    told = Exchange("my name", rng.choice(MY_NAME).format(n=name), f"Nice to meet you, {name}!", name)
    return told, Exchange("my name", rng.choice(ASK_MINE), f"Your name is {name}.", name)
