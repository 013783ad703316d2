/// What other systems of a trace note for each other, passed on as it came: `vendor=value,vendor=value`.
///
/// Source: W3C Recommendation "Trace Context" of 23 November 2021, section 3.3.
enum TraceState {
    private static let memberCount = 32

    /// The header's lines as one; nil where they are not well formed: then the whole is dropped.
    static func joined(_ lines: [String]) -> String? {
        let members = lines.flatMap { $0.split(separator: ",") }.map(trimmed).filter { !$0.isEmpty }
        guard (1...memberCount).contains(members.count) else { return nil }
        var keys: Set<Substring> = []
        for member in members {
            guard let equals = member.firstIndex(of: "="), isKey(member[..<equals]),
                isValue(member[member.index(after: equals)...]), keys.insert(member[..<equals]).inserted
            else { return nil }
        }
        return members.joined(separator: ",")
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let start = text.drop { $0 == " " || $0 == "\t" }
        guard let end = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return start }
        return start[...end]
    }

    private static func isKey(_ key: Substring) -> Bool {
        guard let first = key.utf8.first, (1...256).contains(key.utf8.count) else { return false }
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z"), digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        return (letters.contains(first) || digits.contains(first))
            && key.utf8.allSatisfy { letters.contains($0) || digits.contains($0) || "_-*/@".utf8.contains($0) }
    }

    private static func isValue(_ value: Substring) -> Bool {
        (1...256).contains(value.utf8.count)
            && value.utf8.allSatisfy {
                (0x20...0x7e).contains($0) && $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "=")
            }
    }
}
