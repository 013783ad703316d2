import Benchmark
import Compute

/// What the runner calls to learn of all benchmarks.
let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration.maxDuration = .seconds(2)
    Benchmark.defaultConfiguration.maxIterations = 100_000
    registerProducts()
    registerAttention()
    registerNormalization()
    registerPool()
}

/// The widths of an 8-billion-parameter model.
enum Geometry {
    static let width = 4096
    static let headCount = 32
    static let keyValueHeadCount = 8
    static let headDimension = 128

    /// A forward pass finds weights and keys in memory, not in the CPU's caches; so does a walk through this much.
    static let coldByteCount = 512 << 20
}

/// What a benchmark gets done per second, beside the time that it takes.
enum Rate {
    static let bytesRead = BenchmarkMetric.custom("bytes read/s", polarity: .prefersLarger, useScalingFactor: false)
    static let multiplyAdds = BenchmarkMetric.custom(
        "multiply-adds/s", polarity: .prefersLarger, useScalingFactor: false)
    static let values = BenchmarkMetric.custom("values/s", polarity: .prefersLarger, useScalingFactor: false)
    static let items = BenchmarkMetric.custom("items/s", polarity: .prefersLarger, useScalingFactor: false)
}

/// Registers a benchmark that reports its time and its rate.
///
/// - Parameters:
///   - amount: What one run gets done, in units of `rate`.
///   - runs: How many runs make one measurement; many where one is too short for the clock.
///   - prepare: Makes the inputs, unmeasured, and returns the run; what the run returns counts as used.
func register<Output>(
    _ name: String, _ rate: BenchmarkMetric, amount: Int, runs: BenchmarkScalingFactor = .one,
    prepare: @escaping () throws -> () -> Output
) {
    Benchmark(
        name,
        configuration: .init(
            metrics: [.wallClock, rate], units: [rate: .mega], warmupIterations: 2, scalingFactor: runs),
        closure: { (benchmark: Benchmark, run: () -> Output) in
            benchmark.startMeasurement()
            let start = ContinuousClock.now
            for _ in benchmark.scaledIterations { blackHole(run()) }
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            benchmark.stopMeasurement()
            benchmark.measurement(rate, Int(Double(amount * benchmark.scaledIterations.count) / seconds))
        },
        setup: { try prepare() })
}
