import Engine

/// One distribution of the engine: its name, and where it comes from.
struct EngineHistogram: Sendable {
    let name: String
    let help: String
    let values: @Sendable (EngineStatistics) -> Histogram

    static let all: [EngineHistogram] = [
        .init("queue_wait_seconds", "From submission to the first step.") { $0.queueWaits },
        .init("time_to_first_token_seconds", "From submission to the first token.") { $0.firstTokenWaits },
        .init("inter_token_seconds", "Between the tokens of a request.") { $0.tokenIntervals },
        .init("request_duration_seconds", "From submission to the end, of finished requests.") { $0.requestDurations },
        .init("step_duration_seconds", "Of each forward pass.") { $0.stepDurations },
        .init("step_requests", "Requests in each forward pass.") { $0.stepRequestCounts },
        .init("step_tokens", "Tokens in each forward pass.") { $0.stepTokenCounts },
        .init("request_prompt_tokens", "Tokens of the prompts of finished requests.") { $0.promptTokenCounts },
        .init("request_completion_tokens", "Tokens of finished answers.") { $0.completionTokenCounts },
    ]

    private init(_ name: String, _ help: String, _ values: @escaping @Sendable (EngineStatistics) -> Histogram) {
        self.name = "realizar_" + name
        self.help = help
        self.values = values
    }
}
