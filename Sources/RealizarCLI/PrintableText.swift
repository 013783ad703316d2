extension String {
    /// On one line, safe for a terminal: control characters are escaped (a file could otherwise steer the terminal).
    var printable: String {
        var text = ""
        for scalar in unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
                text += scalar.escaped(asASCII: true)
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    /// The first `limit` characters, with a mark where some are left out.
    func shortened(to limit: Int) -> String {
        let head = prefix(limit)
        return head.endIndex == endIndex ? self : head + "…"
    }
}
