/// What one step computes: for each sequence a run of positions, and where their keys and values go.
package struct BatchPlan: Sendable, Equatable {
    package struct Entry: Sendable, Equatable {
        package let requestID: RequestID
        /// Positions within the sequence whose tokens are computed.
        package let positions: Range<Int>
        /// Cache blocks of the sequence so far, in order; they have room for `positions`.
        package let blocks: [Int32]
        /// Whether the last position is the last token known, so that its logits choose the next one.
        package let wantsLogits: Bool

        package init(requestID: RequestID, positions: Range<Int>, blocks: [Int32], wantsLogits: Bool) {
            self.requestID = requestID
            self.positions = positions
            self.blocks = blocks
            self.wantsLogits = wantsLogits
        }
    }

    package var entries: [Entry] = []

    package init(entries: [Entry] = []) { self.entries = entries }

    package var tokenCount: Int { entries.reduce(0) { $0 + $1.positions.count } }
}

/// Names a request within one engine.
package struct RequestID: Sendable, Hashable, Comparable {
    package let rawValue: UInt64

    package init(_ rawValue: UInt64) { self.rawValue = rawValue }

    package static func < (a: RequestID, b: RequestID) -> Bool { a.rawValue < b.rawValue }
}

/// How many tokens a step may have.
package struct StepBudget: Sendable, Equatable {
    /// All tokens of a step together.
    package var tokenCount: Int
    /// Tokens of prompts in a step in which other sequences generate: what their streams wait for at most.
    package var promptTokenCountBesideGeneration: Int

    package init(tokenCount: Int, promptTokenCountBesideGeneration: Int) {
        self.tokenCount = tokenCount
        self.promptTokenCountBesideGeneration = promptTokenCountBesideGeneration
    }

    /// For smaller steps; one token at least.
    package var halved: StepBudget {
        StepBudget(
            tokenCount: max(tokenCount / 2, 1),
            promptTokenCountBesideGeneration: max(promptTokenCountBesideGeneration / 2, 1))
    }
}
