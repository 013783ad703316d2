/// A request's place in a trace that may span many services, as the W3C's Trace Context tells it.
///
/// `00-<trace id, 32 digits>-<span id, 16 digits>-<flags, 2 digits>`, hexadecimal, in lower case only, neither id all zeros.
/// Source: W3C Recommendation "Trace Context" of 23 November 2021, section 3; `traceresponse` is of its level 2.
struct TraceContext: Sendable, Equatable {
    /// 32 digits.
    let traceID: String
    /// 16 digits: this server's part of the trace.
    let spanID: String
    /// 16 digits: the caller's part; nil where the trace begins here.
    let parentID: String?
    /// Whether the caller records the trace.
    let isSampled: Bool

    /// A part of its own in the trace that `headers` name, or in a new one: what is not well formed is as good as absent.
    init(headers: [String], newID: (_ digitCount: Int) -> String = Self.randomID) {
        let parent = headers.count == 1 ? headers.first.flatMap(Self.fields) : nil
        traceID = parent?.traceID ?? newID(32)
        spanID = newID(16)
        parentID = parent?.spanID
        isSampled = parent?.isSampled ?? false
    }

    /// For the answer, and for whoever this server would ask.
    var header: String { "00-\(traceID)-\(spanID)-0\(isSampled ? 1 : 0)" }

    private static func fields(_ header: String) -> (traceID: String, spanID: String, isSampled: Bool)? {
        let bytes = Array(header.utf8)
        // Later versions begin alike, and may go on behind a dash; this one ends.
        guard bytes.count >= 55, [2, 35, 52].allSatisfy({ bytes[$0] == UInt8(ascii: "-") }) else { return nil }
        let version = bytes[..<2], trace = bytes[3..<35], span = bytes[36..<52], flags = bytes[53..<55]
        guard [version, trace, span, flags].allSatisfy(isHexadecimal), !isAll(version, "f") else { return nil }
        guard bytes.count == 55 || (!isAll(version, "0") && bytes[55] == UInt8(ascii: "-")) else { return nil }
        guard !isAll(trace, "0"), !isAll(span, "0") else { return nil }
        guard let bits = UInt8(String(decoding: flags, as: UTF8.self), radix: 16) else { return nil }
        return (String(decoding: trace, as: UTF8.self), String(decoding: span, as: UTF8.self), bits & 1 == 1)
    }

    private static func isHexadecimal(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.allSatisfy {
            (UInt8(ascii: "0")...UInt8(ascii: "9")) ~= $0 || (UInt8(ascii: "a")...UInt8(ascii: "f")) ~= $0
        }
    }

    private static func isAll(_ bytes: ArraySlice<UInt8>, _ digit: Unicode.Scalar) -> Bool {
        bytes.allSatisfy { $0 == UInt8(ascii: digit) }
    }

    /// Never all zeros.
    private static func randomID(digitCount: Int) -> String {
        while true {
            let id = String((0..<digitCount).map { _ in "0123456789abcdef".randomElement() ?? "0" })
            if id.contains(where: { $0 != "0" }) { return id }
        }
    }
}
