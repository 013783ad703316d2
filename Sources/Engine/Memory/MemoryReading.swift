#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// How much memory the process can still have, of the machine's or of what its control group grants, whichever is scarcer.
package struct MemoryReading: Sendable, Equatable {
    package let totalByteCount: Int
    /// Free, or held by pages of files that can be dropped.
    package let availableByteCount: Int
    /// The part of the last ten seconds in which something waited for memory, from 0 to 1; 0 where the system does not say.
    package let stalledShare: Double

    package init(totalByteCount: Int, availableByteCount: Int, stalledShare: Double = 0) {
        self.totalByteCount = totalByteCount
        self.availableByteCount = availableByteCount
        self.stalledShare = stalledShare
    }

    /// What Linux says of this moment in `/proc/meminfo`, `/proc/pressure/memory` and the control group's (version 2) files.
    ///
    /// - Parameter root: The folder that stands for `/`.
    /// - Returns: nil where none of them can be read.
    package static func current(root: String = "") -> MemoryReading? {
        let readings = [machine(root), controlGroup(root)].compactMap(\.self)
        return readings.min { $0.availableShare < $1.availableShare }
    }

    /// From 0 to 1.
    package var availableShare: Double { Double(availableByteCount) / Double(max(totalByteCount, 1)) }

    private static func machine(_ root: String) -> MemoryReading? {
        let fields = numbers(root + "/proc/meminfo")
        guard let total = fields["MemTotal:"], let available = fields["MemAvailable:"] else { return nil }
        return MemoryReading(
            totalByteCount: bytes(kibibytes: total), availableByteCount: bytes(kibibytes: available),
            stalledShare: stalledShare(root + "/proc/pressure/memory"))
    }

    private static func controlGroup(_ root: String) -> MemoryReading? {
        let folder = root + "/sys/fs/cgroup/"
        guard let total = number(folder + "memory.max"), let used = number(folder + "memory.current"), total > 0 else {
            return nil
        }
        // Pages of files count as used, though they are dropped when somebody needs the room.
        let fields = numbers(folder + "memory.stat")
        let (files, overflow) = (fields["active_file"] ?? 0).addingReportingOverflow(fields["inactive_file"] ?? 0)
        let kept = max(0, used - (overflow ? used : min(files, used)))
        return MemoryReading(
            totalByteCount: total, availableByteCount: max(0, total - kept),
            stalledShare: stalledShare(folder + "memory.pressure"))
    }

    /// `some avg10=1.23 avg60=… avg300=… total=…`, in percent.
    private static func stalledShare(_ path: String) -> Double {
        guard let line = lines(path).first(where: { $0.first == "some" }),
            let word = line.first(where: { $0.hasPrefix("avg10=") }), let percent = Double(word.dropFirst(6)),
            percent.isFinite
        else { return 0 }
        return min(max(percent / 100, 0), 1)
    }

    // MARK: Files of a word and a number per line

    private static func bytes(kibibytes: Int) -> Int {
        let (bytes, overflow) = kibibytes.multipliedReportingOverflow(by: 1024)
        return overflow ? .max : bytes
    }

    private static func number(_ path: String) -> Int? {
        lines(path).first?.first.flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
    }

    private static func numbers(_ path: String) -> [Substring: Int] {
        lines(path).reduce(into: [:]) { fields, words in
            guard words.count > 1, let number = Int(words[1]), number >= 0 else { return }
            fields[words[0]] = number
        }
    }

    /// The first 64 KiB, as words.
    private static func lines(_ path: String) -> [[Substring]] {
        guard let file = fopen(path, "r") else { return [] }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes.prefix(count), as: UTF8.self).split(separator: "\n").map {
            $0.split(separator: " ")
        }
    }
}
