/// Fields of the OpenAI API that this server does not read: which are accepted, and which are refused unless they ask
/// for nothing. A field in no table is refused by name.
extension FieldRules {
    /// Labels for OpenAI's own billing, caching and abuse handling: the answer would be no different.
    private static let labels: Set<String> = [
        "user", "metadata", "service_tier", "safety_identifier", "prompt_cache_key", "prompt_cache_retention",
    ]

    static let chatCompletion = FieldRules(
        // A hint.
        withoutEffect: labels.union(["verbosity"]),
        unsupported: [
            "audio": [],
            "function_call": ["none", "auto"],
            "functions": [[]],
            "modalities": [["text"]],
            "prediction": [],
            "reasoning_effort": ["none"],
            "response_format": [["type": "text"]],
            "store": [false],
            "web_search_options": [],
        ])

    static let completion = FieldRules(
        withoutEffect: labels,
        unsupported: ["best_of": [1], "echo": [false], "suffix": [""], "store": [false]])

    /// Clients send back the assistant messages that they received, with all their empty fields.
    static let chatMessage = FieldRules(
        withoutEffect: ["annotations"],
        unsupported: [
            "audio": [], "function_call": [], "refusal": [], "tool_calls": [[]], "tool_call_id": [],
            "reasoning_content": [""],
        ])
}
