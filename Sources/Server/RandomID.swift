/// Names for requests and answers.
enum RandomID {
    /// 24 hexadecimal digits.
    static func make() -> String {
        (0..<24).map { _ in String(UInt8.random(in: 0..<16), radix: 16) }.joined()
    }
}
