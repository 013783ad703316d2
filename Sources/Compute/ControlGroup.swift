#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// What the process's control group (version 2) grants it; nil where there is none or it sets no limit.
package enum ControlGroup {
    /// Whole CPUs: `cpu.max` holds microseconds and a period, or "max".
    package static var cpuCount: Int? {
        let fields = fields(of: "cpu.max")
        guard fields.count == 2, let granted = fields[0], let period = fields[1], period > 0 else { return nil }
        return granted / period
    }

    /// `memory.max` holds bytes, or "max".
    package static var memoryByteCount: Int? { fields(of: "memory.max").first.flatMap { $0 } }

    private static func fields(of name: String) -> [Int?] {
        guard let file = fopen("/sys/fs/cgroup/" + name, "r") else { return [] }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 64)
        guard fgets(&line, Int32(line.count), file) != nil else { return [] }
        let text = String(decoding: line.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return text.split(separator: " ").map { Int($0) }
    }
}
