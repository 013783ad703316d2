import Engine
import ModelStores

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The model among a command's arguments: a path, a name, or the demo model where none is given.
enum ModelChoice {
    static let library = ModelLibrary(StoreLocations(environment: ProcessInfo.processInfo.environment))

    /// Where the model lies that a command's optional argument names. One of a hub that is not here is brought first.
    ///
    /// - Throws: `ModelStoreError`, `CancellationError`.
    static func source(_ text: String?) async throws -> ModelSource {
        guard let text, !text.isEmpty else { return .demo }
        if let path = try library.path(of: text) { return .file(path) }
        return .file(try await bring(text).path)
    }

    /// Brings a model from a hub, with progress on standard error.
    ///
    /// - Throws: `ModelStoreError`, `CancellationError`.
    static func bring(_ text: String) async throws -> StoredModel {
        let bar = ProgressBar(text.printable, unit: .bytes, isQuiet: false)
        do {
            let model = try await library.pull(text, onRetry: { bar.interject($0.line) }) { done, total in
                bar.update(done, of: total)
            }
            bar.finish()
            return model
        } catch {
            bar.abandon()
            throw error
        }
    }

    /// For a command whose first two arguments are optional: with one of them only, it is the model where it can be one.
    static func split(_ first: String?, _ second: String?) -> (model: String?, rest: String?) {
        guard second == nil, let first, !canBeModel(first) else { return (first, second) }
        return (nil, first)
    }

    /// Whether the text is a model rather than a prompt: the name of one in a store, or a path, to a file that exists or to one of a
    /// model's kind.
    static func canBeModel(_ text: String) -> Bool {
        guard !text.isEmpty, !text.contains("\n") else { return false }
        let lowercased = text.lowercased()
        return [".gguf", ".safetensors", ".apr"].contains { lowercased.hasSuffix($0) } || access(text, F_OK) == 0
            || library.hasName(text)
    }

    /// Says that the demo model answers, and how to name another.
    static func announce(_ source: ModelSource, command: String) {
        guard source == .demo else { return }
        StandardError.write(
            "no model named: the small built-in demo model answers; for another: realizar \(command) path/to/model.gguf"
        )
    }
}

extension RetryNotice {
    /// For people.
    fileprivate var line: String {
        "\(reason.printable); attempt \(attempt) of \(attemptCount) in \(NumberFormat.fixed(pause / .seconds(1), decimals: 1)) s"
    }
}

extension ModelSource {
    /// For messages.
    var name: String { description.printable }
}
