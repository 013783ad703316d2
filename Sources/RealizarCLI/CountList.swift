import ArgumentParser

/// Numbers of an option, with commas between them: `0,1024,4096`.
struct CountList: ExpressibleByArgument, CustomStringConvertible {
    let counts: [Int]

    init(_ counts: [Int]) { self.counts = counts }

    init?(argument: String) {
        var counts: [Int] = []
        for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
            guard let count = Int(part) else { return nil }
            counts.append(count)
        }
        self.counts = counts
    }

    var description: String { counts.map(String.init).joined(separator: ",") }
    var defaultValueDescription: String { description }
}
