#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Whether two samples differ, by the ranks of their values alone: H. B. Mann and D. R. Whitney, 1947. Speeds on a shared machine
/// are skewed and have outliers, which ranks do not care about.
package enum RankTest {
    /// The probability that samples as different as these come from one distribution; two-sided.
    ///
    /// Exact where no value occurs twice and the samples are small, otherwise by the normal distribution with corrections for
    /// ties and continuity.
    ///
    /// - Returns: From 0 to 1; 1 where a sample is empty or holds what is no number.
    package static func pValue(_ first: [Double], _ second: [Double]) -> Double {
        let n = first.count, m = second.count
        guard n > 0, m > 0, (first + second).allSatisfy({ !$0.isNaN }) else { return 1 }
        let all = (first + second).sorted()
        let ties = runs(all)
        var u = 0.0  // pairs in which the first sample's value is the larger one
        for a in first { for b in second { u += a > b ? 1 : a == b ? 0.5 : 0 } }
        let extreme = max(u, Double(n * m) - u)
        if ties.allSatisfy({ $0 == 1 }), n * m <= 400 {
            let counts = counts(n, m)
            let tail = counts[Int(extreme)...].reduce(0, +) / counts.reduce(0, +)
            return min(1, 2 * tail)
        }
        let total = Double(n + m)
        let tieTerm = ties.reduce(0.0) { $0 + pow(Double($1), 3) - Double($1) } / (total * (total - 1))
        let variance = Double(n * m) / 12 * (total + 1 - tieTerm)
        guard variance > 0 else { return 1 }
        let z = (extreme - Double(n * m) / 2 - 0.5) / variance.squareRoot()
        return min(1, erfc(z / 2.0.squareRoot()))
    }

    /// The smallest probability that samples of these sizes can give: what no order of values can go below.
    package static func smallestPValue(_ n: Int, _ m: Int) -> Double {
        guard n > 0, m > 0 else { return 1 }
        return pValue((0..<n).map { Double($0) }, (n..<n + m).map { Double($0) })
    }

    /// 0 for no values.
    package static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted(), middle = sorted.count / 2
        guard !sorted.isEmpty else { return 0 }
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }

    /// In how many orders of `n` and `m` values each count of larger pairs, 0...n·m, occurs.
    private static func counts(_ n: Int, _ m: Int) -> [Double] {
        // table[j] are the counts for i values of the first sample and j of the second: the largest of all values is either of
        // the first sample, and larger than all j, or of the second.
        var table = (0...m).map { _ in [1.0] }
        for i in 1...n {
            var next = [[1.0]]
            for j in 1...m {
                var counts = [Double](repeating: 0, count: i * j + 1)
                for (u, count) in table[j].enumerated() { counts[u + j] += count }
                for (u, count) in next[j - 1].enumerated() { counts[u] += count }
                next.append(counts)
            }
            table = next
        }
        return table[m]
    }

    /// Lengths of the runs of equal values.
    private static func runs(_ sorted: [Double]) -> [Int] {
        var runs: [Int] = []
        for index in sorted.indices {
            if index > 0, sorted[index] == sorted[index - 1] { runs[runs.count - 1] += 1 } else { runs.append(1) }
        }
        return runs
    }
}
