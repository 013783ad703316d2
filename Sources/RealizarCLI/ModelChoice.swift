import Engine

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The model among a command's arguments: a path, or the demo model where none is given.
enum ModelChoice {
    /// The source that a command's optional argument names.
    static func source(_ path: String?) -> ModelSource {
        guard let path, !path.isEmpty else { return .demo }
        return .file(path)
    }

    /// For a command whose first two arguments are optional: with one of them only, it is the model where it can be one.
    static func split(_ first: String?, _ second: String?) -> (source: ModelSource, rest: String?) {
        guard second == nil, let first, !canBeModel(first) else { return (source(first), second) }
        return (.demo, first)
    }

    /// Whether the text is a path rather than a prompt: it names a file that exists, or one of a model's kind.
    static func canBeModel(_ text: String) -> Bool {
        guard !text.isEmpty, !text.contains("\n") else { return false }
        let lowercased = text.lowercased()
        return [".gguf", ".safetensors", ".apr"].contains { lowercased.hasSuffix($0) } || access(text, F_OK) == 0
    }

    /// Says that the demo model answers, and how to name another.
    static func announce(_ source: ModelSource, command: String) {
        guard source == .demo else { return }
        StandardError.write(
            "no model named: the small built-in demo model answers; for another: realizar \(command) path/to/model.gguf"
        )
    }
}

extension ModelSource {
    /// For messages.
    var name: String { description.printable }
}
