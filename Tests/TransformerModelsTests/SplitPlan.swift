import TestSupport

/// Sequences of random tokens, and steps that compute them in random pieces and company.
struct SplitPlan {
    /// Tokens `range` of a sequence, computed in one step.
    struct Piece {
        let sequence: Int
        let range: Range<Int>
    }

    /// Tokens that a sequence may have, and that a step may have.
    static let longest = 150, tokensPerStep = 160

    let sequences: [[Int32]]
    let steps: [[Piece]]

    /// Cuts each sequence, from its first token to its last.
    private init(_ sequences: [[Int32]], using generator: inout SeededGenerator) {
        self.sequences = sequences
        var steps: [[Piece]] = [], done = sequences.map { _ in 0 }
        while true {
            let open = sequences.indices.filter { done[$0] < sequences[$0].count }
            guard !open.isEmpty else { break }
            // Now and then all pieces are single tokens, as when every sequence generates.
            let most = [1, 8, 40, Self.longest][Int.random(in: 0..<4, using: &generator)]
            let company = Int.random(in: 1...open.count, using: &generator)
            var step: [Piece] = [], room = Self.tokensPerStep
            for sequence in open.shuffled(using: &generator).prefix(company) where room > 0 {
                let start = done[sequence], left = min(sequences[sequence].count - start, room, most)
                let end = start + (Bool.random(using: &generator) ? left : Int.random(in: 1...left, using: &generator))
                step.append(Piece(sequence: sequence, range: start..<end))
                room -= end - start
                done[sequence] = end
            }
            steps.append(step)
        }
        self.steps = steps
    }

    /// Plans over the same sequences: three to six, the first long enough for four blocks of the cache, the others of any length.
    static func random(seed: UInt64, count: Int, vocabularySize: Int) -> [SplitPlan] {
        var generator = SeededGenerator(seed: seed)
        let sequences = (0..<Int.random(in: 3...6, using: &generator)).map { index in
            let shortest = index == 0 ? 97 : 1, longest = index.isMultiple(of: 2) ? Self.longest : 40
            return (0..<Int.random(in: shortest...longest, using: &generator)).map { _ in
                Int32.random(in: 0..<Int32(vocabularySize), using: &generator)
            }
        }
        return (0..<count).map { _ in SplitPlan(sequences, using: &generator) }
    }
}
