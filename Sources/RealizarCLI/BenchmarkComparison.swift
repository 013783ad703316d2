#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One test of this run beside the same of an earlier one.
struct BenchmarkComparison: Codable {
    enum Verdict: String, Codable {
        case slower, faster, same
        /// So few repetitions that no order of their speeds could tell.
        case tooFew = "too few repetitions"
    }

    let test: String
    let earlierMedian: Double
    let median: Double
    let ratio: Double
    let pValue: Double
    let verdict: Verdict

    enum CodingKeys: String, CodingKey {
        case test, median, ratio, verdict
        case earlierMedian = "earlier_median"
        case pValue = "p_value"
    }

    /// A verdict needs a difference that chance makes in fewer than one of 20 comparisons...
    static let significance = 0.05
    /// ... and that matters: a shared machine's moods alone make one below that.
    static let relevance = 0.02

    init(test: String, earlier: [Double], now: [Double]) {
        self.test = test
        earlierMedian = RankTest.median(earlier)
        median = RankTest.median(now)
        ratio = earlierMedian > 0 ? median / earlierMedian : 1
        pValue = RankTest.pValue(now, earlier)
        verdict =
            if RankTest.smallestPValue(now.count, earlier.count) >= Self.significance {
                .tooFew
            } else if pValue >= Self.significance || abs(ratio - 1) < Self.relevance {
                .same
            } else {
                ratio < 1 ? .slower : .faster
            }
    }

    /// - Throws: `CommandError` where the two have no test in common.
    static func compare(_ report: BenchmarkReport, with earlier: BenchmarkReport) throws -> [BenchmarkComparison] {
        let found = report.results.compactMap { result in
            earlier.results.first { $0.test == result.test }.map {
                BenchmarkComparison(test: result.test, earlier: $0.samples, now: result.samples)
            }
        }
        guard !found.isEmpty else {
            throw CommandError(
                "the earlier run has none of these tests, only \(earlier.results.map(\.test).joined(separator: ", ")); "
                    + "give the same -p, -n, -d and -s")
        }
        return found
    }

    /// For people.
    static func table(_ comparisons: [BenchmarkComparison]) -> String {
        var table = TableFormatter([
            ("test", .left), ("earlier", .right), ("now", .right), ("ratio", .right), ("p", .right), ("verdict", .left),
        ])
        for comparison in comparisons {
            table.append([
                comparison.test, NumberFormat.fixed(comparison.earlierMedian, decimals: 2),
                NumberFormat.fixed(comparison.median, decimals: 2), NumberFormat.fixed(comparison.ratio, decimals: 3),
                NumberFormat.fixed(comparison.pValue, decimals: 4), comparison.verdict.rawValue,
            ])
        }
        return table.text
    }
}

extension BenchmarkReport {
    /// No report is that long.
    private static let byteCountLimit = 64 << 20

    /// Reads what `bench --format json` has written.
    ///
    /// - Throws: `CommandError` naming the file.
    init(path: String) throws {
        let bytes: Data
        do {
            let file = URL(fileURLWithPath: path)
            let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
            guard size <= Self.byteCountLimit else {
                throw CommandError("\(path.printable): \(size) bytes are too many for a benchmark's report")
            }
            bytes = try Data(contentsOf: file)
        } catch let error as CommandError {
            throw error
        } catch {
            throw CommandError("\(path.printable): cannot be read; name a file that bench --format json has written")
        }
        guard let report = try? JSONDecoder().decode(BenchmarkReport.self, from: bytes),
            report.results.allSatisfy({ (1...1000).contains($0.samples.count) })
        else { throw CommandError("\(path.printable): this is not what bench --format json writes") }
        self = report
    }
}
