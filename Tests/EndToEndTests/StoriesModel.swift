import Foundation
import TestSupport
import Testing

/// A small trained model: shared/data/stories260K.
enum StoriesModel {
    static let path = SharedData.folder("stories260K").map { $0 + "/stories260K-f32.gguf" }

    static var exists: Bool { path != nil && RealizarProcess.exists }
    static let absent = Comment(rawValue: SharedData.absent + ", or the executable is not built")

    static func require() throws -> String { try #require(path) }

    /// The greedy continuation of the empty prompt for 200 tokens, as published and as llama.cpp gives it.
    static func publishedText() throws -> String {
        let folder = try #require(SharedData.folder("stories260K"))
        return try String(contentsOfFile: folder + "/greedy-200-tokens-empty-prompt.txt", encoding: .utf8)
    }
}
