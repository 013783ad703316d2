import Foundation

/// A folder that is removed with its owner.
package final class ScratchFolder: Sendable {
    private let root: URL

    package init() throws {
        root = FileManager.default.temporaryDirectory.appendingPathComponent("realizar-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    package func path(_ name: String) -> String { name.isEmpty ? root.path : root.path + "/" + name }

    /// Writes files, by their names in the folder, with the folders that they lie in.
    package func write(_ contents: [String: [UInt8]]) throws {
        for (name, bytes) in contents {
            let url = root.appendingPathComponent(name)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: url)
        }
    }

    package func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(name))))
    }

    /// Of all files in it, hidden ones too, in alphabetical order.
    package func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: root.path).sorted() }
}
