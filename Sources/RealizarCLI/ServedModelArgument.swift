import Engine

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A model to serve: `tiny.gguf`, or `fast=models/tiny.gguf` to call it otherwise than its file.
struct ServedModelArgument {
    /// nil takes the file's name.
    let name: String?
    let source: ModelSource

    init(source: ModelSource) {
        name = nil
        self.source = source
    }

    /// - Throws: As `ModelChoice.source(_:)`.
    init(_ argument: String) async throws {
        let (name, model) = Self.split(argument)
        self.name = name
        source = try await ModelChoice.source(model)
    }

    /// A name has no slash; a text that is a file as it stands has none in front.
    static func split(_ argument: String) -> (name: String?, model: String) {
        guard let sign = argument.firstIndex(of: "="), access(argument, F_OK) != 0 else { return (nil, argument) }
        let (name, model) = (argument[..<sign], argument[argument.index(after: sign)...])
        guard !name.isEmpty, !name.contains("/"), !model.isEmpty else { return (nil, argument) }
        return (String(name), String(model))
    }
}
