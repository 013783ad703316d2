import Foundation

/// What the process itself takes from the machine, and what it is.
enum ProcessMetrics {
    static func add(to text: inout PrometheusText) {
        let status = ProcessStatus(text: (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? "")
        text.add("realizar_build_info", .gauge, "Always 1; the labels say what runs.", [(BuildInformation.labels, 1)])
        text.add(
            "realizar_process_resident_bytes", .gauge,
            "Memory in the machine's RAM: the process's own, and pages of mapped files, which can be dropped.",
            [("anonymous", "RssAnon"), ("file", "RssFile"), ("shared", "RssShmem")].compactMap { kind, field in
                status.byteCount(of: field).map { ([("kind", kind)], Double($0)) }
            })
        text.add(
            "realizar_process_threads", .gauge, "Threads of the process.",
            status.number(of: "Threads").map { [([], Double($0))] } ?? [])
        text.add(
            "realizar_process_open_files", .gauge, "File descriptors that are open, sockets among them.",
            openFileCount.map { [([], Double($0))] } ?? [])
    }

    /// nil where the system does not list them.
    private static var openFileCount: Int? {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd"))?.count
    }
}

/// `/proc/<pid>/status`: a name, a colon, a number, and `kB` where it is of 1024 bytes.
package struct ProcessStatus: Sendable {
    private let fields: [Substring: [Substring]]

    package init(text: String) {
        fields = Dictionary(
            text.split(separator: "\n").compactMap { line -> (Substring, [Substring])? in
                guard let colon = line.firstIndex(of: ":") else { return nil }
                return (line[..<colon], line[line.index(after: colon)...].split { " \t".contains($0) })
            }, uniquingKeysWith: { first, _ in first })
    }

    package func number(of name: String) -> Int? { fields[Substring(name)]?.first.flatMap { Int($0) } }

    package func byteCount(of name: String) -> Int? {
        guard let words = fields[Substring(name)], words.count == 2, words[1] == "kB", let number = Int(words[0]),
            number >= 0
        else { return nil }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: 1024)
        return overflow ? nil : bytes
    }
}
