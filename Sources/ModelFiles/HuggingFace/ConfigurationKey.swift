/// A hyper-parameter in two vocabularies: a key of `config.json` and one of GGUF. Tables of these are read in both directions.
package struct ConfigurationKey: Sendable, Equatable {
    /// In `config.json`.
    package let published: String
    /// In GGUF, behind `<architecture>.`; more than one where GGUF says twice what is said once.
    package let canonical: [String]
    package let kind: Kind
    package let whenAbsent: Absence

    package enum Kind: Sendable, Equatable {
        case integer, number
    }

    /// What a file means that does not have the key, or has null.
    package enum Absence: Sendable, Equatable {
        /// Nothing: the file is refused.
        case refused
        /// That GGUF does not have the key either; what both vocabularies take then is the same.
        case leftOut
        /// This number.
        case number(Double)
    }

    package init(_ published: String, _ canonical: String..., kind: Kind = .integer, whenAbsent: Absence = .refused) {
        self.published = published
        self.canonical = canonical
        self.kind = kind
        self.whenAbsent = whenAbsent
    }
}

/// A key of `config.json` that has to have one of few values, since others ask for a computation that is not done here.
package struct FixedConfigurationKey: Sendable, Equatable {
    package let name: String
    package let allowed: [Value]

    package enum Value: Sendable, Equatable {
        case string(String), bool(Bool), number(Double)
    }

    package init(_ name: String, _ allowed: Value...) {
        self.name = name
        self.allowed = allowed
    }

    func allows(_ value: JSONValue) -> Bool {
        allowed.contains { allowed in
            switch allowed {
            case .string(let string): value.string == string
            case .bool(let bool): value.bool == bool
            case .number(let number): value.number == number
            }
        }
    }

    /// `'silu' or 'swish'`
    var shown: String {
        allowed.map { value in
            switch value {
            case .string(let string): PrintableName.quoted(string)
            case .bool(let bool): "\(bool)"
            case .number(let number): "\(number)"
            }
        }.joined(separator: " or ")
    }
}
