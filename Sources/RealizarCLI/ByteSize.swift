import ArgumentParser

/// A count of bytes as people write it: `5GB`, `500 MB`, `2GiB`, or a plain number.
struct ByteSize: ExpressibleByArgument, Equatable {
    let byteCount: Int

    private static let units: [(name: String, factor: Int)] = [
        ("KIB", 1 << 10), ("MIB", 1 << 20), ("GIB", 1 << 30), ("KB", 1000), ("MB", 1_000_000), ("GB", 1_000_000_000),
        ("B", 1), ("", 1),
    ]

    /// - Returns: Nil for what is no whole number above 0 with one of the units.
    init?(argument: String) {
        let text = argument.uppercased()
        guard let unit = Self.units.first(where: { text.hasSuffix($0.name) }) else { return nil }
        var digits = text.dropLast(unit.name.count)
        if !unit.name.isEmpty, digits.last == " " { digits.removeLast() }
        guard let number = Int(digits), number > 0 else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: unit.factor)
        guard !overflow else { return nil }
        byteCount = product
    }

    var defaultValueDescription: String { "\(byteCount)" }
}
