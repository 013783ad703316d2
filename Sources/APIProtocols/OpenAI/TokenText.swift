/// A token's bytes as JSON can carry them.
public enum TokenText {
    /// The text itself if the bytes are whole characters; otherwise each byte as `\x…`, behind `prefix`, so that
    /// different tokens keep different texts.
    public static func string(_ bytes: [UInt8], prefix: String = "") -> String {
        String(validating: bytes, as: UTF8.self)
            ?? prefix
            + bytes.map { byte in
                "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }.joined()
    }

    /// A log-probability that JSON can carry: minus infinity and NaN become −9999, which OpenAI's API sends for "very
    /// unlikely".
    public static func finite(_ logProbability: Double) -> Double {
        logProbability > -9999 ? min(logProbability, 0) : -9999
    }
}
