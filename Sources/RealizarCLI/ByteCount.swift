import ArgumentParser

/// A number of bytes as people write it: `2GiB`, `512 MB`, `1.5G`, `4096`. `K`, `M`, `G`, `T` alone count in 1024.
struct ByteCount: ExpressibleByArgument {
    let value: Int

    private static let units: [(name: String, factor: Double)] = [
        ("kib", 1024), ("mib", 1_048_576), ("gib", 1_073_741_824), ("tib", 1_099_511_627_776),
        ("kb", 1e3), ("mb", 1e6), ("gb", 1e9), ("tb", 1e12),
        ("k", 1024), ("m", 1_048_576), ("g", 1_073_741_824), ("t", 1_099_511_627_776), ("b", 1),
    ]

    init?(argument: String) {
        let text = argument.lowercased().filter { $0 != " " }
        let unit = Self.units.first { text.hasSuffix($0.name) } ?? ("", 1)
        let digits = text.dropLast(unit.name.count)
        guard digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }), let number = Double(digits),
            let value = Int(exactly: (number * unit.factor).rounded()), value > 0
        else { return nil }
        self.value = value
    }
}
