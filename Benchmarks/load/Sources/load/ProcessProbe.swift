import Foundation

/// What the server's process holds, as Linux tells it.
struct ProcessProbe: Sendable {
    let processID: Int

    struct Reading: Sendable {
        /// Memory of its own, without the mapped model, in bytes.
        var anonymousByteCount = 0
        var threadCount = 0
        var descriptorCount = 0
    }

    /// nil where there is no such process, or no Linux.
    func read() -> Reading? {
        guard let status = try? String(contentsOfFile: "/proc/\(processID)/status", encoding: .utf8),
            let descriptors = try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(processID)/fd")
        else { return nil }
        func number(_ name: String) -> Int {
            status.split(separator: "\n").first { $0.hasPrefix(name + ":") }?
                .split(whereSeparator: { $0 == "\t" || $0 == " " }).dropFirst().first.flatMap { Int($0) } ?? 0
        }
        return Reading(
            anonymousByteCount: number("RssAnon") * 1024, threadCount: number("Threads"),
            descriptorCount: descriptors.count)
    }
}
