/// Which tokens `post_processor` puts around a text.
struct SpecialTokenTemplate {
    private(set) var beginTokenID: Int?
    private(set) var endTokenID: Int?

    /// - Throws: `.unsupported` for a processor, or a template, that does more than adding one token before and one behind.
    init(_ file: TokenizerFile) throws(ModelFileError) {
        for step in try file.steps("post_processor", listKey: "processors") {
            switch step.type {
            // Only moves offsets, which nobody asks for here.
            case "ByteLevel": continue
            case "TemplateProcessing": try read(step, file)
            default: throw file.unsupported("post_processor", PrintableName.quoted(step.type), at: step.offset)
            }
        }
    }

    /// Of several tokens in a row the first, or the last.
    init(around tokens: (before: [Int], behind: [Int])?) {
        beginTokenID = tokens?.before.first
        endTokenID = tokens?.behind.last
    }

    private mutating func read(_ step: TokenizerFile.Step, _ file: TokenizerFile) throws(ModelFileError) {
        var isBehindText = false
        for piece in step["single"]?.array ?? [] {
            if piece.object?["Sequence"]?.object?["id"]?.string == "A", !isBehindText {
                isBehindText = true
            } else if let name = piece.object?["SpecialToken"]?.object?["id"]?.string {
                let ids = step["special_tokens"]?.object?[name]?.object?["ids"]?.array ?? []
                guard ids.count == 1, let id = ids[0].integer, (isBehindText ? endTokenID : beginTokenID) == nil else {
                    throw file.unsupported(
                        "post_processor", "a template with several tokens in a row", at: piece.offset)
                }
                if isBehindText { endTokenID = id } else { beginTokenID = id }
            } else {
                throw file.unsupported("post_processor", "this template", at: piece.offset)
            }
        }
        guard isBehindText else {
            throw file.unsupported("post_processor", "a template without the text", at: step.offset)
        }
    }
}
