import Engine

/// One metric of the engine: its name, and where its value comes from.
struct EngineMetric: Sendable {
    let name: String
    let kind: PrometheusText.Kind
    let help: String
    let samples: @Sendable (EngineStatistics) -> [(labels: [(String, String)], value: Double)]

    static let all: [EngineMetric] = [
        gauge("requests_running", "Requests in the current batch.") { Double($0.runningCount) },
        gauge("requests_waiting", "Requests in the queue.") { Double($0.waitingCount) },
        counter("requests_finished_total", "Requests answered to their end.") { Double($0.finishedCount) },
        byPhase("requests_cancelled_total", "Requests whose client left, by what they were doing.") {
            $0.cancellations
        },
        byPhase("requests_timed_out_total", "Requests whose time was over, by what they were doing.") { $0.timeouts },
        counter("requests_failed_total", "Requests that failed during generation.") { Double($0.failedCount) },
        counter("prompt_tokens_total", "Tokens of prompts that were computed.") { Double($0.promptTokenCount) },
        counter("prompt_tokens_cached_total", "Tokens of prompts that the cache had.") {
            Double($0.cachedPromptTokenCount)
        },
        counter("generated_tokens_total", "Tokens generated.") { Double($0.generatedTokenCount) },
        counter("engine_steps_total", "Forward passes.") { Double($0.stepCount) },
        counter("prefill_seconds_total", "Seconds spent on prompts.") { $0.prefillSeconds },
        counter("decode_seconds_total", "Seconds spent on generating.") { $0.decodeSeconds },
        gauge("cache_blocks", "Blocks of the key-value cache.") { Double($0.cacheBlockCount) },
        gauge("cache_blocks_used", "Blocks of the key-value cache in use.") { Double($0.usedCacheBlockCount) },
        gauge("cache_blocks_idle", "Blocks that nobody uses and whose tokens would be found again.") {
            Double($0.idleCacheBlockCount)
        },
        gauge("cache_bytes", "Memory that all blocks of the key-value cache may take.") { Double($0.cacheByteCount) },
        gauge("cache_bytes_used", "Memory of the blocks that hold something, in use or idle.") {
            Double($0.usedCacheByteCount)
        },
        counter("cache_evictions_total", "Idle blocks that were taken for something else.") {
            Double($0.evictedCacheBlockCount)
        },
        gauge("memory_pressure", "1 while memory is scarce: steps are half as large and no prefixes are kept.") {
            $0.isUnderMemoryPressure ? 1 : 0
        },
        counter("memory_pressure_total", "How often memory became scarce.") { Double($0.memoryPressureCount) },
        EngineMetric(
            name: "realizar_memory_available_bytes", kind: .gauge, help: "Memory that the process can still have.",
            samples: { statistics in
                statistics.availableMemoryByteCount.map { [([], Double($0))] } ?? []
            }),
        counter("preemptions_total", "Running requests that gave their place back.") { Double($0.preemptionCount) },
    ]

    private static func gauge(
        _ name: String, _ help: String, _ value: @escaping @Sendable (EngineStatistics) -> Double
    ) -> EngineMetric {
        EngineMetric(name: "realizar_" + name, kind: .gauge, help: help) { [([], value($0))] }
    }

    private static func counter(
        _ name: String, _ help: String, _ value: @escaping @Sendable (EngineStatistics) -> Double
    ) -> EngineMetric {
        EngineMetric(name: "realizar_" + name, kind: .counter, help: help) { [([], value($0))] }
    }

    private static func byPhase(
        _ name: String, _ help: String, _ values: @escaping @Sendable (EngineStatistics) -> [RequestPhase: Int]
    ) -> EngineMetric {
        EngineMetric(name: "realizar_" + name, kind: .counter, help: help) { statistics in
            RequestPhase.allCases.map { ([("phase", $0.rawValue)], Double(values(statistics)[$0] ?? 0)) }
        }
    }
}
