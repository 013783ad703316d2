package import Compute

/// The tokens of one step, of one or many sequences.
package struct Batch: Sendable {
    /// `[T]`, all within the vocabulary.
    package var tokenIDs: [Int32]
    /// Which of them belong to which sequence; together they cover all tokens.
    package var sequences: [SequenceSlice]
    /// Indices of the tokens whose logits are wanted.
    package var logitRows: [Int]

    package init(tokenIDs: [Int32], sequences: [SequenceSlice], logitRows: [Int]) {
        self.tokenIDs = tokenIDs
        self.sequences = sequences
        self.logitRows = logitRows
    }
}

/// Logits `[rows, V]` of the tokens that a batch asked for, in its order.
package struct Logits: Sendable {
    package let rowCount: Int
    package let vocabularySize: Int
    /// Row-major.
    package let values: [Float]

    package func row(_ index: Int) -> ArraySlice<Float> {
        values[index * vocabularySize..<(index + 1) * vocabularySize]
    }
}

/// Sees the values of each step of a forward pass as it is computed; for traces and parity checks.
package typealias ForwardObserver = (_ layer: Int?, _ step: String, _ values: [Float]) -> Void
