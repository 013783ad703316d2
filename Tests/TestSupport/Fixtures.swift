import Foundation

/// Small files shipped with the tests; Tests/Fixtures/README.md says where each comes from.
package enum Fixtures {
    /// The path of `Tests/Fixtures/<name>`.
    package static func path(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fixtures/\(name)").path
    }

    package static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(name))))
    }
}
