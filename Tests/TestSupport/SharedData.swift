import Foundation

/// Reference models and vocabularies that stand beside a checkout and are too large to ship in it.
package enum SharedData {
    /// The folder `shared/data/<name>` beside the checkout, or nil where it is absent: the tests that need it are skipped.
    package static func folder(_ name: String) -> String? {
        let root = URL(fileURLWithPath: #filePath)  // <checkout>/Tests/TestSupport/SharedData.swift
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let path = root.deletingLastPathComponent().appendingPathComponent("shared/data/\(name)").path
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }

    /// Why a test is skipped, for `.enabled(if:)`.
    package static let absent = "shared/data is not beside this checkout"
}
