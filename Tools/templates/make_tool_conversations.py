"""Writes Tests/Fixtures/templates/tool-conversations.json: what Jinja2 makes of all templates with tools, reasoning and parts.

    python make_tool_conversations.py ../../Tests/Fixtures/templates

Each .jinja file of the folder and of its folder `tools` meets each conversation, which brings its own variables. A case whose output
is null is one where Jinja2 raises an error. Made with Jinja2 3.1.6.
"""

import json
import pathlib
import sys

from make_conversations import TOOLS, TOKENS, ordered
from transformers_jinja import environment


def call(name, arguments, number=1):
    return {"id": f"call{number:05}", "type": "function", "function": {"name": name, "arguments": arguments}}


ASK = {"role": "user", "content": "Weather in Łódź?"}
SYSTEM = {"role": "system", "content": "Be brief."}
CALL = {"role": "assistant", "content": None, "tool_calls": [call("weather", {"place": "Łódź", "days": 2})]}
ANSWER = {"role": "tool", "tool_call_id": "call00001", "name": "weather", "content": '{"t": -1.5}'}
DONE = {"role": "assistant", "content": "It's cold: -1.5 °C."}
THANKS = {"role": "user", "content": "Thanks 🙂"}
ODD = {"place": "A \"b\" <c>\n\\", "days": 0, "share": 0.1, "big": 1e21, "units": ["C", None, True], "area": {}, "note": None}

CONVERSATIONS = {
    "tools and a question": ([SYSTEM, ASK], {"tools": TOOLS}, True),
    "a call and its answer": ([ASK, CALL, ANSWER], {"tools": TOOLS}, True),
    "a whole round": ([SYSTEM, ASK, CALL, ANSWER, DONE, THANKS], {"tools": TOOLS}, True),
    "two calls at once": (
        [
            ASK,
            {"role": "assistant", "content": "Looking.", "tool_calls": [call("weather", ODD), call("clock", {}, 2)]},
            ANSWER,
            {**ANSWER, "tool_call_id": "call00002", "name": "clock", "content": "12:00"},
            DONE,
        ],
        {"tools": TOOLS[:1]},
        False,
    ),
    "arguments as text": ([ASK, {"role": "assistant", "content": "", "tool_calls": [call("clock", '{"zone": true}')]}, ANSWER], {}, True),
    "reasoning": (
        [ASK, {**DONE, "reasoning_content": "Hm.\n\nCold?"}, THANKS, {**CALL, "reasoning_content": "Again."}, ANSWER],
        {"tools": TOOLS[1:], "enable_thinking": True},
        True,
    ),
    "no thinking": ([ASK, {"role": "assistant", "content": "<think>\nno\n</think>\n\nYes."}, THANKS], {"enable_thinking": False, "thinking": False}, True),
    "parts": (
        [
            {"role": "system", "content": [{"type": "text", "text": "Look."}]},
            {"role": "user", "content": [{"type": "text", "text": " What? "}, {"type": "image"}, {"type": "text", "text": "é"}]},
        ],
        {},
        True,
    ),
    "missing content": ([SYSTEM, {"role": "user"}], {}, True),
    "no content": ([{"role": "user", "content": None}], {"tools": []}, True),
    "empty": ([], {"tools": TOOLS[1:]}, True),
    "documents": ([SYSTEM, THANKS], {"documents": [{"title": "T", "text": "ein Text"}, {"title": "U", "text": "x"}]}, True),
    "developer": ([{"role": "developer", "content": "Rules."}, THANKS], {"reasoning_effort": "low"}, True),
    "unknown role": ([{"role": "critic", "content": "No."}], {}, True),
    "an object as answer": ([ASK, CALL, {**ANSWER, "content": {"t": [1, None], "u": "é"}}], {"tools": TOOLS[1:]}, True),
    "whole system": ([SYSTEM, DONE], {}, False),
}


def main():
    folder = pathlib.Path(sys.argv[1])
    cases = []
    for path in sorted([*folder.glob("*.jinja"), *folder.glob("tools/*.jinja")]):
        template = environment().from_string(path.read_text())
        for name, (messages, variables, prompt) in CONVERSATIONS.items():
            context = {"tools": None, "documents": None, **TOKENS, **variables}
            try:
                output = template.render(messages=messages, add_generation_prompt=prompt, **context)
            except Exception:  # an error of any kind is an error here
                output = None
            cases.append({"template": str(path.relative_to(folder)), "conversation": name, "output": output})
    conversations = {
        name: ordered({"tools": None, "documents": None, **TOKENS, **variables, "messages": messages, "add_generation_prompt": prompt})
        for name, (messages, variables, prompt) in CONVERSATIONS.items()
    }
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    head = json.dumps({"conversations": conversations}, ensure_ascii=False)[:-1]
    (folder / "tool-conversations.json").write_text(f'{head},\n"cases": [\n{lines}\n]}}\n')
    print(f"{len(cases)} cases, {sum(case['output'] is None for case in cases)} of them errors")


if __name__ == "__main__":
    main()
