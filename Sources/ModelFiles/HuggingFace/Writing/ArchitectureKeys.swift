/// The metadata of an architecture, `<architecture>.*`, of which nothing may be left over: a key that is not carried over may
/// change what is computed.
struct ArchitectureKeys {
    let metadata: Metadata
    let architecture: String
    private var rest: Set<String>

    init(_ metadata: Metadata, architecture: String) {
        self.metadata = metadata
        self.architecture = architecture
        rest = Set(metadata.keys.filter { $0.hasPrefix(architecture + ".") })
    }

    mutating func integer(
        _ name: String, in range: ClosedRange<Int> = 0...1 << 32
    ) throws(ModelFileError) -> Int? {
        try metadata.integer(take(name), in: range)
    }

    /// - Throws: Also for NaN and infinities.
    mutating func number(_ name: String) throws(ModelFileError) -> Double? {
        try metadata.number(take(name), in: -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude)
    }

    mutating func string(_ name: String) throws(ModelFileError) -> String? { try metadata.string(take(name)) }

    /// Leaves out keys that say nothing about the computation.
    mutating func drop(_ names: String...) { for name in names { _ = take(name) } }

    func error(_ name: String, expected: String, found: String) -> ModelFileError {
        metadata.error(about: full(name), expected: expected, found: found)
    }

    func missing(_ name: String, expected: String) -> ModelFileError {
        metadata.error(full(name), .missing(expected: expected))
    }

    func unsupported(_ name: String, found: String, advice: String) -> ModelFileError {
        metadata.error(full(name), .unsupported(found: found, advice: advice))
    }

    /// - Throws: `.unsupported` naming the first key that nothing has asked for.
    func refuseRest() throws(ModelFileError) {
        guard let key = metadata.keys.first(where: rest.contains) else { return }
        throw metadata.error(
            key,
            .unsupported(
                found: "a key that config.json has no word for", advice: "without it the model would compute otherwise")
        )
    }

    private func full(_ name: String) -> String { "\(architecture).\(name)" }

    private mutating func take(_ name: String) -> String {
        rest.remove(full(name))
        return full(name)
    }
}
