import Foundation
import Testing

/// The real binary, started as a user starts it.
struct RealizarProcess {
    private let process = Process()
    private let folder: TemporaryFolder

    /// What a finished process has left.
    struct Result: Sendable {
        let status: Int32
        let outputBytes: [UInt8]
        let errorText: String
        var output: String { String(decoding: outputBytes, as: UTF8.self) }

        /// Standard output as one JSON value.
        func json() throws -> JSON { try JSON(outputBytes) }
    }

    /// SwiftPM puts executables and test bundles into the same folder.
    static let path: String = {
        #if os(macOS)
        let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") } ?? Bundle.main
        return bundle.bundleURL.deletingLastPathComponent().appendingPathComponent("realizar").path
        #else
        let runner = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        return runner.deletingLastPathComponent().appendingPathComponent("realizar").path
        #endif
    }()

    static let exists = FileManager.default.isExecutableFile(atPath: path)
    static let missing: Comment = "the executable realizar is not beside the tests; build the whole package"

    /// Starts the binary. Its streams are files, so that nothing ever waits for a pipe.
    ///
    /// - Parameter input: All of standard input.
    init(_ arguments: [String], input: [UInt8] = [], environment: [String: String] = [:]) throws {
        folder = try TemporaryFolder()
        try Data(input).write(to: folder.url("input"))
        for name in ["output", "errors"] { try Data().write(to: folder.url(name)) }
        process.executableURL = URL(fileURLWithPath: Self.path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        process.standardInput = try FileHandle(forReadingFrom: folder.url("input"))
        process.standardOutput = try FileHandle(forWritingTo: folder.url("output"))
        process.standardError = try FileHandle(forWritingTo: folder.url("errors"))
        try process.run()
    }

    /// Runs the binary to its end.
    static func run(
        _ arguments: String..., input: String = "", environment: [String: String] = [:]
    ) throws -> Result {
        try RealizarProcess(arguments, input: Array(input.utf8), environment: environment).wait()
    }

    func wait() throws -> Result {
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus, outputBytes: try folder.bytes("output"), errorText: errorText)
    }

    var output: String { (try? folder.bytes("output")).map { String(decoding: $0, as: UTF8.self) } ?? "" }
    var errorText: String { (try? folder.bytes("errors")).map { String(decoding: $0, as: UTF8.self) } ?? "" }

    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Waits until `condition` holds; false when the process ends or 20 seconds pass before.
    func waitUntil(_ condition: () -> Bool) -> Bool {
        let deadline = ContinuousClock.now + .seconds(20)
        while !condition() {
            guard process.isRunning, ContinuousClock.now < deadline else { return condition() }
            usleep(2000)
        }
        return true
    }
}

/// A folder that is removed with its owner.
final class TemporaryFolder: Sendable {
    private let root: URL

    init() throws {
        root = FileManager.default.temporaryDirectory.appendingPathComponent("realizar-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    func url(_ name: String) -> URL { root.appendingPathComponent(name) }
    func path(_ name: String) -> String { url(name).path }
    func bytes(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: url(name))) }
}
