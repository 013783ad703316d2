"""Asks the engine questions that the training text does not contain, and prints a table per skill.

    python evaluate.py REALIZAR FOLDER MODEL.gguf... [--fixtures FOLDER] [--failures]

REALIZAR is the built program, FOLDER what train.py wrote, and the models are its conversions. All answers are greedy.
"""

import argparse
import concurrent.futures
import json
import pathlib
import random
import re
import socket
import subprocess
import time
import urllib.request

import gguf
import torch
from tokenizers import Tokenizer
from torch.nn import functional

import convert
from demo_text import about_realizar, arithmetic, facts, mixture, names, records, refusals, small_talk, stories
from demo_text.exchange import Exchange, casual
from transformer import Configuration, Transformer

SEED = 77
# Written by hand, outside the generator's wordings, and not changed after a model had answered them.
OUTSIDE = """Who sang Yesterday?|What is the mass of an electron?|Write a limerick about a cat.|Recommend me a restaurant.|How many planets are there?
Why is the sky dark at night?|Who owns the biggest yacht?|How do I bake lasagna?|What is an adverb?|Give me a workout plan.
Retell Macbeth.|What caused the great fire of London?|How do I change a tire?|Which horse won the race?|What is happiness?|Are there aliens?
What is the longest river?|Translate thank you into Korean.|Where did I park?|How do ships float?|What is 5 meters in feet?
Who is your favorite singer?|Can dogs see colors?|Prove the Pythagorean theorem.|What is a black swan event?|Should I buy or rent a flat?
How did the war end?|What does DNA stand for?|Plan my holiday.|Who discovered America?"""
NEW_WORDINGS = [
    ("How about 6 and 7 together?", "13"), ("six plus eight equals?", "14"), ("what remains of 15 if I remove 6", "9"),
    ("18 - 9, please", "9"), ("give me the result of 12 + 5", "17"), ("Mia owns 4 coins and is given 5. How many now?", "9"),
    ("after Wednesday comes which day?", "Thursday"), ("which month is before May", "April"), ("the opposite of cold, please", "hot"),
    ("a cow makes which sound?", "moo"), ("what is Hungary's capital city called?", "Budapest"),
    ("I forgot the capital of Japan, what was it?", "Tokyo"), ("Lisbon is the capital of which land?", "Portugal"),
    ("what do you name a young sheep?", "lamb"), ("blood has what color?", "red"), ("yellow and blue give?", "green"),
    ("a triangle has how many corners", "3"), ("a week has how many days", "7"), ("how many minutes make an hour", "60"),
    ("count up to four", "1, 2, 3, 4"), ("count down from 5 please", "5, 4, 3, 2, 1"), ("write 17 as a word", "seventeen"),
    ("larger number: 8 or 13?", "13"), ("the letter that follows M", "N"), ("hey, good to see you", "Hello"),
    ("many thanks to you", "welcome"), ("see you next week", "Goodbye"), ("who am I talking to?", "Realizar"),
    ("Tell me what Realizar is used for.", "runs language models"), ("can Realizar open GGUF?", "GGUF"),
    ("I want to run the server, how?", "realizar serve"), ("Is there a chat command?", "realizar chat"),
    ("which language was used to write Realizar", "Swift"), ("Does Realizar cost money?", "MIT"), ("the server's port?", "8080"),
    ("how many parameters are in you", "3.7 million"), ("what exactly is a token", "piece of text"),
    ("so a language model is what?", "predicts"), ("what tasks can you do", "small sums"), ("who are your makers?", "trained by a script")]
GOLDEN = [
    ("", "What is 7 plus 5?"), ("", "2+2="), ("", "What is 20 minus 13?"), ("", "Which day comes after Monday?"), ("", "What is the capital of France?"),
    ("", "What is the opposite of hot?"), ("", "What is Realizar?"), ("", "How do I start the server?"), ("", "Hello!"), ("", "Who painted the Mona Lisa?"),
    ("You are called Ada.", "What is your name?"), ("", "Give me a JSON record of a person: Tom is 25 years old and lives in Rome."),
    ("", "Tell me a story about a dog named Max."), ("", "Count from 3 to 9.")]


class Server:
    """`realizar serve` on a free port for as long as the block lasts."""

    def __init__(self, program: str, model: pathlib.Path):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.command = [program, "serve", "--model", str(model), "--port", str(self.port)]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health")
                return self
            except OSError:
                time.sleep(0.05)
        raise SystemExit(f"the server did not start: {' '.join(self.command)}")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def post(self, route: str, body: dict) -> dict:
        body |= {"temperature": 0, "max_tokens": 260}
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/v1/{route}", json.dumps(body).encode(), {"Content-Type": "application/json"})
        return json.load(urllib.request.urlopen(request))["choices"][0]

    def chat(self, turns: list[str], system: str = "") -> tuple[str, str]:
        """The answer to the last turn, after the model's own answers to those before, and why it ended."""
        messages = [{"role": "system", "content": system}] if system else []
        for turn in turns:
            messages.append({"role": "user", "content": turn})
            choice = self.post("chat/completions", {"messages": messages})
            messages.append({"role": "assistant", "content": choice["message"]["content"]})
        return messages[-1]["content"], choice["finish_reason"]

    def continuation(self, text: str) -> tuple[str, str]:
        choice = self.post("completions", {"prompt": text})
        return text + choice["text"], choice["finish_reason"]


def has(answer: str, expect: object) -> bool:
    """The expected word or number stands in the answer and is not part of a longer one."""
    return re.search(rf"(?<![\w-]){re.escape(str(expect))}(?!\w)", answer, re.IGNORECASE) is not None


def is_sum_right(exchange: Exchange, answer: str) -> bool:
    answer = re.sub(r"minus (\d+)\.$", r"-\1.", answer) if " is minus" in answer else answer
    numbers = re.findall(r"(?<!\d)-?\d+", answer)
    return bool(numbers) and int(numbers[-1]) == exchange.expect


def is_record_right(exchange: Exchange, answer: str) -> bool:
    try:
        value = json.loads(answer)
    except ValueError:
        return False
    return value == exchange.expect if isinstance(exchange.expect, dict) else isinstance(value, dict) and sorted(value) == exchange.expect


def is_json(_: Exchange, answer: str) -> bool:
    try:
        return isinstance(json.loads(answer), dict)
    except ValueError:
        return False


def story_flaws(text: str, name: str, ending: str) -> list[str]:
    flaws = []
    if ending != "stop" or not text.endswith((".", "!", "\"")):
        flaws.append("does not end")
    hero = re.search(r"(?:named|called) (\w+)", text)
    if not hero or name and hero[1] != name:
        return flaws + ["loses the name"]
    rest = text[hero.end():]
    helper = re.search(r"(?:named|It was|There stood) ([A-Z]\w*)", rest)
    speakers = set(re.findall(r"(?:said|asked) (\w+)", text)) | set(re.findall(r"dreamed of (\w+)", text))
    if rest.count(hero[1]) < 2 or not helper or not speakers <= {hero[1], helper[1]}:
        flaws.append("loses the name")
    sentences = [s for s in re.findall(r"[^.!?]+[.!?]\"?", text) if len(s.split()) > 3]
    if len(set(sentences)) < len(sentences):
        flaws.append("repeats a sentence")
    return flaws


def questions() -> list[tuple[str, list[Exchange], object]]:
    """Name of the row, its questions, and how an answer is judged: by the expected text unless a function is given."""
    new = lambda draw, count: mixture.questions(draw, count, SEED)
    rng = random.Random(SEED)

    def naming(rng):
        name = small_talk.person(rng)
        return small_talk.ask_name(rng, rng.choice(small_talk.SET_NAME).format(n=name), name)

    named, recorded = new(naming, 200), [e for e in new(records.draw, 300) if isinstance(e.expect, dict)]
    sums = [e for e in new(arithmetic.draw, 420) if e.skill == "arithmetic"]
    typed = [Exchange(e.skill, casual(rng, e.prompt), e.answer, e.expect) for e in new(lambda r: rng.choice((arithmetic.draw, facts.draw))(r), 200)]
    return [
        ("arithmetic", sums, is_sum_right),
        ("beyond 20, refused", new(arithmetic.too_hard, 60), None),
        ("facts", new(facts.draw, 400), None),
        ("about Realizar", new(about_realizar.draw, 40), None),
        ("small talk", new(small_talk.draw, 20), None),
        ("outside, refused", new(refusals.draw, 300), None),
        ("outside, by hand", [Exchange("", q, "", refusals.EXPECT) for q in OUTSIDE.replace("\n", "|").split("|")], None),
        ("system prompt's name, common", [e for e in named if is_of_known_words(e)], None),
        ("system prompt's name, invented", [e for e in named if not is_of_known_words(e)], None),
        ("records, valid JSON", recorded, is_json),
        ("records right, common words", [e for e in recorded if is_of_known_words(e)], is_record_right),
        ("records right, invented words", [e for e in recorded if not is_of_known_words(e)], is_record_right),
        ("sums and facts as typed", typed, lambda e, a: is_sum_right(e, a) if e.skill == "arithmetic" else has(a, e.expect)),
        ("new wordings, by hand", [Exchange("", q, "", expect) for q, expect in NEW_WORDINGS], None)]


KNOWN = set(names.SHE + names.HE + names.NICKNAMES + names.SURNAMES + names.CITIES + records.KINDS + records.PRODUCTS + records.SKIES + records.TITLE_FIRST + records.TITLE_LAST)


def is_of_known_words(exchange: Exchange) -> bool:
    """No value of the record, and not the name wanted, is an invented word."""
    values = exchange.expect.values() if isinstance(exchange.expect, dict) else [exchange.expect]
    return all(word in KNOWN or word == "The" for value in values if isinstance(value, str) for word in value.split())


def meetings() -> list[tuple[Exchange, Exchange]]:
    rng, found = random.Random(SEED), []
    while len(found) < 60:
        told, asked = small_talk.draw_meeting(rng)
        if told.is_held_back:
            found.append((told, asked))
    return found


def normalised(system: str, prompt: str) -> str:
    return " ".join(re.findall(r"[a-z0-9+\-*]+", (system + " | " + prompt).lower()))


def unseen_only(folder: pathlib.Path, sets: list[list[Exchange]]) -> list[list[Exchange]]:
    """Draws the training text again and leaves out what it has: a polite lead-in can make one question into another."""
    run, seen = json.loads((folder / "training.json").read_text()), set()
    pattern = re.compile(r"user\n(.*?)<\|im_end\|>", re.DOTALL)
    rng = random.Random(run["text_seed"])
    for _ in range(run["documents"]):
        segments = mixture.document(rng)
        system = segments[1][0].partition("system\n")[2].partition("<|im_end|>")[0]
        for text, _ in segments:
            for prompt in pattern.findall(text):
                seen |= {normalised("", prompt), normalised(system, prompt)}
    kept = [[e for e in exchanges if normalised(e.system, e.prompt) not in seen] for exchanges in sets]
    left_out = sum(map(len, sets)) - sum(map(len, kept))
    print(f"{left_out} of {sum(map(len, sets))} questions are in the training text of {run['documents']} documents and left out\n")
    return kept


def held_back(folder: pathlib.Path, count: int):
    """Token ids of conversations and stories that the training text does not have, and which of them are an answer's."""
    tokenizer, rng = Tokenizer.from_file(str(folder / "tokenizer.json")), random.Random(SEED)
    for number in range(count):
        exchange = mixture.drawn(rng, mixture.draw, held_back=True)
        segments = mixture.plain_story(rng, held_back=True) if number % 20 == 0 else mixture.conversation(exchange.system, [(exchange.prompt, exchange.answer)])
        ids, learned = [], []
        for text, learns in segments:
            piece = tokenizer.encode(text, add_special_tokens=False).ids
            ids += piece
            learned += [learns] * len(piece)
        yield ids, learned


def perplexity(model_path: pathlib.Path, folder: pathlib.Path) -> float:
    """Of held-back answers and stories, in PyTorch, with the file's weights decoded to float32."""
    c = json.loads((folder / "config.json").read_text())
    model = Transformer(Configuration(**{f: c[f] for f in Configuration.__dataclass_fields__}))
    tensors = {t.name: torch.from_numpy(gguf.quants.dequantize(t.data, t.tensor_type).copy()) for t in gguf.GGUFReader(model_path).tensors}
    model.load_state_dict({name: tensors[convert.gguf_name("model." + name)] for name in model.state_dict()})
    total, count = 0.0, 0
    for ids, learned in held_back(folder, 600):
        positions = torch.tensor(learned[1:]).nonzero()[:, 0]
        with torch.no_grad():
            logits = model(torch.tensor([ids[:-1]]), torch.zeros(1, len(ids) - 1, dtype=torch.long), positions)
        total += functional.cross_entropy(logits, torch.tensor(ids[1:])[positions], reduction="sum").item()
        count += len(positions)
    return float(torch.tensor(total / count).exp())


def evaluated(server: Server, rows, tales: list[Exchange], shows_failures: bool) -> dict[str, str]:
    figures = {}
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        def asked(exchange):
            return server.chat([exchange.prompt], exchange.system)

        def share(name, judged):
            right = sum(ok for ok, _ in judged)
            figures[name] = f"{100 * right / len(judged):.1f} % ({right}/{len(judged)})"
            if shows_failures:
                print("".join(f"  {name}: {detail}\n" for ok, detail in judged if not ok)[:6000])

        for name, exchanges, judge in rows:
            answers = pool.map(asked, exchanges)
            share(name, [((judge(e, a) if judge else has(a, e.expect)) and ending == "stop", f"{e.system} | {e.prompt} -> {a} (wanted {e.expect})")
                         for e, (a, ending) in zip(exchanges, answers)])
        answers = pool.map(lambda pair: server.chat([pair[0].prompt, pair[1].prompt]), meetings())
        share("user's name, second turn", [(has(a, told.expect), f"{told.prompt} -> {a}") for (told, _), (a, _) in zip(meetings(), answers)])
        told = [(e, *answer) for e, answer in zip(tales, pool.map(asked, tales))]
        plain = ["Once upon a time", "Once upon a time there was", "Once upon a time, there was a little girl named Zora.", "Long ago, by the sea,",
                 "There was a brave dog called Otto", "Once there was", "A long time ago", "Once upon a time there was a kind robot named Bob."]
        told += [(Exchange("", text, ""), *answer) for text, answer in zip(plain, pool.map(server.continuation, plain))]
        flaws = [(e, text, story_flaws(text, str(e.expect or ""), ending)) for e, text, ending in told]
        common = lambda e: not e.expect or is_of_known_words(e)
        share("stories end", [("does not end" not in found, f"{e.prompt} -> {text}") for e, text, found in flaws])
        share("stories repeat no sentence", [("repeats a sentence" not in found, f"{e.prompt} -> {text}") for e, text, found in flaws])
        for kind in (True, False):
            share("stories keep names, " + ("common" if kind else "invented"),
                  [("loses the name" not in found, f"{e.prompt} -> {text}") for e, text, found in flaws if common(e) == kind])
    return figures


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("program")
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("models", type=pathlib.Path, nargs="+")
    arguments.add_argument("--fixtures", type=pathlib.Path, help="writes golden answers and held-back text for the tests")
    arguments.add_argument("--failures", action="store_true")
    options = arguments.parse_args()
    torch.set_num_threads(2)
    rows, tales = questions(), mixture.questions(stories.draw, 100, SEED)
    *kept, tales = unseen_only(options.folder, [exchanges for _, exchanges, _ in rows] + [tales])
    rows = [(name, exchanges, judge) for (name, _, judge), exchanges in zip(rows, kept)]
    columns, golden = {}, {}
    for path in options.models:
        with Server(options.program, path) as server:
            columns[path.stem] = evaluated(server, rows, tales, options.failures)
            golden[path.stem.rpartition("-")[2]] = [
                dict(system=system, prompt=prompt, text=server.chat([prompt], system)[0]) for system, prompt in GOLDEN]
        columns[path.stem]["perplexity of held-back answers"] = f"{perplexity(path, options.folder):.4f}"
    print("| | " + " | ".join(columns) + " |\n|---|" + "---|" * len(columns))
    for name in next(iter(columns.values())):
        print(f"| {name} | " + " | ".join(column[name] for column in columns.values()) + " |")
    if options.fixtures:
        options.fixtures.mkdir(parents=True, exist_ok=True)
        (options.fixtures / "golden.json").write_text(json.dumps(golden, indent=2, ensure_ascii=False) + "\n")
        documents = [dict(tokens=ids, answer=learned.index(True)) for ids, learned in held_back(options.folder, 120) if sum(learned) == len(ids) - learned.index(True)]
        (options.fixtures / "held-back.json").write_text("[\n" + ",\n".join(json.dumps(d, separators=(",", ":")) for d in documents) + "\n]\n")


if __name__ == "__main__":
    main()
