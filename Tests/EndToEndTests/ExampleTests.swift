import Foundation
import TestSupport
import Testing

/// The packages of Examples/, built as a reader of Examples/README.md builds them.
///
/// The build has a folder of its own below the tests' build folder: SwiftPM locks a build folder, and the one of the tests is
/// locked while they run. The first build takes a minute or two. `nice` leaves the processors to the tests beside it, and
/// waiting without a thread leaves them Swift's shared ones.
@Suite("Examples", .enabled(if: SwiftTool.exists, "no swift in PATH to build them with"), .timeLimit(.minutes(10)))
struct ExampleTests {
    /// Greedy continuation of "a" for 40 tokens. Tools/fixtures/make_tiny_models.py gives the same ids by its float64 forward
    /// pass, with at least 0.04 between the two largest logits at each of them. The weights are random, and so is the text.
    static let continuation =
        "\u{FFFD}aaaa'@\u{FFFD}a \u{C}\u{C}\u{C}\u{FFFD}\u{FFFD}a \u{C}a \u{C}\u{C} \u{C}"
        + "\u{FFFD}er\u{1B}v \u{C}{\u{C}\u{FFFD}S\u{FFFD}S\u{FFFD}\u{156}d"

    @Test func `generate prints the continuation, or as many characters of it as asked`() async throws {
        let folder = try await SwiftTool.build(example: "generate")
        let arguments = [Fixtures.path("models/tiny-llama.gguf"), "a"]
        let whole = try await SwiftTool.run("\(folder)/generate", arguments)
        #expect(whole.status == 0)
        #expect(whole.output == Self.continuation + "\n")
        let part = try await SwiftTool.run("\(folder)/generate", arguments + ["5"])
        #expect(part.status == 0)
        #expect(part.output == "\u{FFFD}aaaa\n")
    }
}

/// `swift build`, as a process beside the one that tests.
private enum SwiftTool {
    static let exists = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
        FileManager.default.isExecutableFile(atPath: "\($0)/swift")
    }

    /// Builds `Examples/<name>` in release.
    ///
    /// - Returns: The folder of its executables.
    static func build(example name: String) async throws -> String {
        let root = URL(fileURLWithPath: #filePath)  // <checkout>/Tests/EndToEndTests/ExampleTests.swift
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let scratch = URL(fileURLWithPath: RealizarProcess.path)  // <build folder>/<triple>/release/realizar
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("examples/\(name)").path
        let arguments = [
            "-n", "19", "swift", "build", "-c", "release", "--package-path", "\(root.path)/Examples/\(name)",
            "--scratch-path", scratch,
        ]
        let build = try await run("nice", arguments)
        try #require(build.status == 0, "\(build.output.suffix(4000))")
        return scratch + "/release"
    }

    /// - Returns: The exit status, and standard output and standard error together.
    static func run(_ tool: String, _ arguments: [String]) async throws -> (status: Int32, output: String) {
        let folder = try TemporaryFolder()
        try Data().write(to: folder.url("output"))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [tool] + arguments
        let output = try FileHandle(forWritingTo: folder.url("output"))
        process.standardOutput = output
        process.standardError = output
        let status = try await withCheckedThrowingContinuation { (end: CheckedContinuation<Int32, any Error>) in
            process.terminationHandler = { end.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { end.resume(throwing: error) }
        }
        return (status, String(decoding: try folder.bytes("output"), as: UTF8.self))
    }
}
