/// One thing that is wrong with a model, in a sentence.
package struct Finding: Sendable, Equatable {
    package enum Kind: String, Sendable {
        /// A checksum that the file has of itself does not match.
        case checksum
        /// A number that is NaN or infinite.
        case number
        /// A tensor that is missing, has another shape or type, or is not used; a metadata value that makes no sense.
        case architecture
        case tokenizer
        case chatTemplate = "chat_template"
    }

    package let kind: Kind
    package let tensor: String?
    /// The first one concerned, counted in the order of memory.
    package let element: Int?
    /// Of the block that holds it, absolute in its file.
    package let offset: Int?
    /// On one line, with all of the above.
    package let message: String

    init(_ kind: Kind, tensor: String? = nil, element: Int? = nil, offset: Int? = nil, _ message: String) {
        self.kind = kind
        self.tensor = tensor
        self.element = element
        self.offset = offset
        self.message = message
    }
}
