import Engine

/// One row of a benchmark.
struct BenchmarkResult: Codable {
    /// `pp512`, `tg128`, `tg128@d4096`, `tg128x8`
    let test: String
    let kind: BenchmarkTest.Kind
    let tokens: Int
    let depth: Int
    let sequences: Int
    /// Tokens per second of each repetition, of all sequences together, in the order of measurement; not empty.
    let samples: [Double]
    /// Their mean.
    let tokensPerSecond: Double
    /// Sample standard deviation; 0 for a single one.
    let deviation: Double
    /// What the machine allows, in tokens per second, and what keeps it from more.
    let limit: Double
    let bound: Roofline.Bound
    /// 1 is what the machine allows.
    let shareOfRoofline: Double

    enum CodingKeys: String, CodingKey {
        case test, kind, tokens, depth, sequences, samples, bound
        case tokensPerSecond = "tokens_per_second"
        case deviation = "stddev"
        case limit = "roofline_tokens_per_second"
        case shareOfRoofline = "share_of_roofline"
    }

    init(_ test: BenchmarkTest, speeds: [Double], limit: Double, bound: Roofline.Bound) {
        self.test = test.name
        kind = test.kind
        tokens = test.tokenCount
        depth = test.depth
        sequences = test.sequenceCount
        samples = speeds
        let count = Double(speeds.count), mean = speeds.reduce(0, +) / count
        tokensPerSecond = mean
        deviation = (speeds.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(count - 1, 1)).squareRoot()
        self.limit = limit
        self.bound = bound
        shareOfRoofline = limit > 0 ? mean / limit : 0
    }
}

/// What a run of `bench` found: written as JSON, and read again by `--compare`.
struct BenchmarkReport: Codable {
    /// What the machine does at best, measured in the same run.
    struct Machine: Codable {
        let readBytesPerSecond: Double
        let int8MultiplyAddsPerSecond: Double
        let floatMultiplyAddsPerSecond: Double

        enum CodingKeys: String, CodingKey {
            case readBytesPerSecond = "read_bytes_per_second"
            case int8MultiplyAddsPerSecond = "int8_multiply_adds_per_second"
            case floatMultiplyAddsPerSecond = "float32_multiply_adds_per_second"
        }

        init(_ roofline: MachineRoofline) {
            readBytesPerSecond = roofline.readBytesPerSecond
            int8MultiplyAddsPerSecond = roofline.int8MultiplyAddsPerSecond
            floatMultiplyAddsPerSecond = roofline.floatMultiplyAddsPerSecond
        }

        /// `reads 50.1 GB/s; 1002 G int8 and 250 G float32 multiply-adds/s`
        var text: String {
            func giga(_ value: Double, decimals: Int) -> String { NumberFormat.fixed(value / 1e9, decimals: decimals) }
            return "reads \(giga(readBytesPerSecond, decimals: 1)) GB/s; "
                + "\(giga(int8MultiplyAddsPerSecond, decimals: 0)) G int8 and "
                + "\(giga(floatMultiplyAddsPerSecond, decimals: 0)) G float32 multiply-adds/s"
        }
    }

    let model: String
    let threads: Int
    let isa: String
    /// Type of keys and values; nil in reports from before there was a choice.
    let cacheType: String?
    let machine: Machine
    let results: [BenchmarkResult]
    /// Beside an earlier run, where one was named.
    var comparison: [BenchmarkComparison]?

    enum CodingKeys: String, CodingKey {
        case model, threads, isa, machine, results, comparison
        case cacheType = "kv_cache_type"
    }
}

extension BenchmarkReport {
    /// What an earlier run had that this one has not; nil where they can be compared.
    func note(about earlier: BenchmarkReport) -> String? {
        let isAlike =
            (earlier.model, earlier.threads, earlier.isa, earlier.cacheType ?? cacheType)
            == (model, threads, isa, cacheType)
        guard !isAlike else { return nil }
        return "note: the earlier run was \(earlier.model.printable) with \(earlier.threads) threads, "
            + earlier.isa.printable + (earlier.cacheType.map { ", \($0.printable) keys and values" } ?? "")
    }

    /// For people.
    var table: String {
        var table = TableFormatter([
            ("test", .left), ("tokens/s", .right), ("± deviation", .right), ("lowest", .right), ("highest", .right),
            ("of roofline", .right), ("bound by", .left),
        ])
        func speed(_ value: Double) -> String { NumberFormat.fixed(value, decimals: 2) }
        for result in results {
            table.append([
                result.test, speed(result.tokensPerSecond), speed(result.deviation),
                speed(result.samples.min() ?? 0), speed(result.samples.max() ?? 0),
                NumberFormat.fixed(result.shareOfRoofline * 100, decimals: 1) + " %", result.bound.rawValue,
            ])
        }
        let cache = cacheType.map { ", \($0.printable) keys and values" } ?? ""
        return "\(model.printable), \(threads) threads, \(isa)\(cache)\nthe machine \(machine.text)\n\n" + table.text
            + (comparison.map { "\n" + BenchmarkComparison.table($0) } ?? "")
    }

    /// One line per test, for spreadsheets.
    var csv: String {
        var lines = [
            "test,kind,tokens,depth,sequences,tokens_per_second,median,stddev,lowest,highest,share_of_roofline,bound"
                + (comparison == nil ? "" : ",earlier_median,ratio,p_value,verdict")
        ]
        for result in results {
            var fields = [
                result.test, result.kind.rawValue, "\(result.tokens)", "\(result.depth)", "\(result.sequences)",
                "\(result.tokensPerSecond)", "\(RankTest.median(result.samples))", "\(result.deviation)",
                "\(result.samples.min() ?? 0)", "\(result.samples.max() ?? 0)", "\(result.shareOfRoofline)",
                result.bound.rawValue,
            ]
            if let comparison {
                let found = comparison.first { $0.test == result.test }
                fields +=
                    found.map { ["\($0.earlierMedian)", "\($0.ratio)", "\($0.pValue)", $0.verdict.rawValue] }
                    ?? ["", "", "", ""]
            }
            lines.append(fields.joined(separator: ","))
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
