/// A function's name where it stands in plain text.
struct CallName {
    let text: String

    /// Bytes of a name, and of the name of a parameter; what is longer is none.
    static let lengthLimit = 512

    /// - Returns: nil for text that holds no name, or more than one word.
    init?(_ text: String?) {
        guard let text = text?.trimmingJSONSpace(), !text.isEmpty, !text.utf8.contains(where: JSONText.isSpace) else {
            return nil
        }
        self.text = text
    }
}

extension String {
    var isBlank: Bool { utf8.allSatisfy(JSONText.isSpace) }
}
