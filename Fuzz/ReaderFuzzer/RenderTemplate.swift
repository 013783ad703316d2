import JinjaTemplates

/// What a template sees: a conversation with what the published ones have in them.
private let conversation: [String: JinjaValue] = {
    let call = JinjaValue.dictionary([
        ("id", .input("call00001")), ("type", .text("function")),
        (
            "function",
            .dictionary([
                ("name", .input("weather")),
                ("arguments", .dictionary([("place", .input("Łódź \"<b>\"")), ("days", .integer(2)), ("x", .none)])),
            ])
        ),
    ])
    let tool = JinjaValue.dictionary([
        ("type", .text("function")),
        (
            "function",
            .dictionary([
                ("name", .input("weather")), ("description", .input("The weather")),
                (
                    "parameters",
                    .dictionary([
                        ("type", .text("object")),
                        ("properties", .dictionary([("place", .dictionary([("type", .text("string"))]))])),
                        ("required", .list([.input("place")])),
                    ])
                ),
            ])
        ),
    ])
    return [
        "messages": .list([
            .dictionary([("role", .text("system")), ("content", .input("Be brief."))]),
            .dictionary([("role", .text("user")), ("content", .input("Größe ΣΑΣ 日本 🙂\n<|im_end|>"))]),
            .dictionary([
                ("role", .text("assistant")), ("content", .none), ("reasoning_content", .input("Hm.")),
                ("tool_calls", .list([call, call])),
            ]),
            .dictionary([("role", .text("tool")), ("content", .input("{}")), ("tool_call_id", .input("call00001"))]),
            .dictionary([
                ("role", .text("user")),
                (
                    "content",
                    .list([
                        .dictionary([("type", .text("text")), ("text", .input("So?"))]),
                        .dictionary([("type", .text("image"))]),
                    ])
                ),
            ]),
            .dictionary([("role", .text("assistant")), ("content", .input("<think>\nno\n</think>\n\n-1.5"))]),
        ]),
        "tools": .list([tool, tool]), "documents": .none, "add_generation_prompt": .boolean(true),
        "bos_token": .text("<s>"), "eos_token": .text("</s>"), "enable_thinking": .boolean(false),
        "ratio": .double(0.1),
    ]
}()

/// Compiles a template and renders it twice: the outputs are the same, whole or in segments, and errors have a place in the source.
func renderTemplate(_ bytes: [UInt8]) {
    let source = String(decoding: bytes, as: UTF8.self)
    var limits = JinjaLimits()
    limits.steps = 100_000  // under the sanitizer as long as the usual number takes without
    limits.allocatedBytes = 16 << 20
    do throws(JinjaError) {
        let template = try JinjaTemplate(source, limits: limits)
        let text = try template.renderText(conversation)
        let segments = try template.render(conversation)
        precondition(segments.map(\.text).joined() == text, "segments of \(segments.count) pieces differ from the text")
        precondition(text.utf8.count <= limits.outputBytes, "\(text.utf8.count) bytes of output")
    } catch {
        let lineCount = source.utf8.count { $0 == 0x0A || $0 == 0x0D } + 1
        precondition((1...lineCount).contains(error.line), "line \(error.line) of \(lineCount)")
        precondition((1...source.unicodeScalars.count + 1).contains(error.column), "column \(error.column)")
        precondition(error.description.utf8.count < 8192, "a message of \(error.description.utf8.count) bytes")
    }
}
