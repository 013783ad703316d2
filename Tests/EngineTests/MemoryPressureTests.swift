import Engine
import Foundation
import Realizar
import Synchronization
import TestSupport
import Testing

@Suite("When memory is scarce", .timeLimit(.minutes(1)))
struct MemoryPressureTests {
    static let start = ContinuousClock.now

    static func reading(_ percent: Int, stalled: Double = 0) -> MemoryReading {
        MemoryReading(totalByteCount: 1000, availableByteCount: percent * 10, stalledShare: stalled)
    }

    @Test func `it begins at once and ends after half a minute of calm`() {
        var pressure = MemoryPressure()
        func at(_ seconds: Int, _ reading: MemoryReading) -> MemoryPressure.Change? {
            pressure.update(reading, at: Self.start + .seconds(seconds))
        }
        #expect(at(0, Self.reading(50)) == nil && at(1, Self.reading(5)) == nil && !pressure.isOn)
        #expect(at(2, Self.reading(4)) == .began && pressure.isOn)
        #expect(at(3, Self.reading(3)) == nil && at(4, Self.reading(9)) == nil)
        #expect(at(10, Self.reading(20)) == nil && at(39, Self.reading(20)) == nil && pressure.isOn)
        // A relapse, and the time begins anew.
        #expect(at(40, Self.reading(10)) == nil && at(41, Self.reading(20)) == nil && at(70, Self.reading(20)) == nil)
        #expect(at(71, Self.reading(20)) == .ended && !pressure.isOn)
        #expect(at(72, Self.reading(4)) == .began)
    }

    @Test func `waiting for memory begins it where there is not much left, and keeps it from ending`() {
        var pressure = MemoryPressure()
        #expect(pressure.update(Self.reading(60, stalled: 0.5), at: Self.start) == nil)
        #expect(pressure.update(Self.reading(19, stalled: 0.09), at: Self.start) == nil)
        #expect(pressure.update(Self.reading(19, stalled: 0.1), at: Self.start) == .began)
        #expect(pressure.update(Self.reading(90, stalled: 0.1), at: Self.start + .seconds(100)) == nil)
        #expect(pressure.update(Self.reading(90), at: Self.start + .seconds(101)) == nil)
        #expect(pressure.update(Self.reading(90), at: Self.start + .seconds(131)) == .ended)
    }

    @Test func `the scarcer of machine and control group counts, without the files' pages`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("realizar-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        func write(_ files: [String: String]) throws {
            for (path, text) in files {
                let file = folder.appendingPathComponent(path)
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: file)
            }
        }
        #expect(MemoryReading.current(root: folder.path) == nil)
        try write([
            "proc/meminfo": "MemTotal:       1000 kB\nMemFree:  1 kB\nMemAvailable:    400 kB\n",
            "proc/pressure/memory":
                "some avg10=12.50 avg60=1.00 avg300=0.00 total=1\nfull avg10=1.00 avg60=0 avg300=0 total=0\n",
        ])
        #expect(
            MemoryReading.current(root: folder.path)
                == MemoryReading(totalByteCount: 1_024_000, availableByteCount: 409_600, stalledShare: 0.125))
        let group = "sys/fs/cgroup/"
        try write([group + "memory.max": "max\n", group + "memory.current": "900\n"])
        #expect(MemoryReading.current(root: folder.path)?.totalByteCount == 1_024_000)
        try write([
            group + "memory.max": "1000\n", group + "memory.stat": "anon 600\nactive_file 100\ninactive_file 50\n",
        ])
        #expect(
            MemoryReading.current(root: folder.path) == MemoryReading(totalByteCount: 1000, availableByteCount: 250))
        // Nonsense is not believed.
        try write([group + "memory.stat": "active_file 9223372036854775807\ninactive_file 5\nanon -1\n\nx\n"])
        #expect(MemoryReading.current(root: folder.path)?.totalByteCount == 1_024_000)
        try write([group + "memory.current": "-5\n"])
        #expect(MemoryReading.current(root: folder.path)?.totalByteCount == 1_024_000)
    }

    #if os(Linux)
    @Test func `this machine says what it has`() throws {
        let reading = try #require(MemoryReading.current())
        #expect(reading.totalByteCount > 1 << 26 && reading.availableByteCount <= reading.totalByteCount)
        #expect((0...1).contains(reading.stalledShare))
    }
    #endif

    @Test func `an engine keeps no prefixes and makes smaller steps until it is over, with the same answers`()
        async throws
    {
        let isScarce = Atomic<Bool>(false)
        var faults = EngineFaults()
        faults.memoryPolicy.interval = .milliseconds(5)
        faults.memoryPolicy.calmDuration = .milliseconds(50)
        faults.memory = { Self.reading(isScarce.load(ordering: .relaxed) ? 1 : 50) }
        let engine = try await InferenceEngine.load(
            .file(Fixtures.path("models/tiny-qwen2.gguf")), options: EngineOptions(), faults: faults)
        let request = EngineSupport.request(.tokenIDs((0..<70).map { $0 * 3 % 200 + 5 }), count: 10)
        let first = try await EngineSupport.answer(engine, request)
        try await EngineSupport.wait(for: engine) { $0.idleCacheBlockCount == 2 && $0.availableMemoryByteCount == 500 }
        #expect(!engine.statistics.isUnderMemoryPressure)

        // Nobody asks anything: an engine at rest notices too.
        isScarce.store(true, ordering: .relaxed)
        try await EngineSupport.wait(for: engine) { $0.isUnderMemoryPressure && $0.idleCacheBlockCount == 0 }
        let second = try await EngineSupport.answer(engine, request)
        #expect(second.summary?.cachedPromptTokenCount == 0 && second.tokenIDs == first.tokenIDs)
        try await EngineSupport.wait(for: engine) { $0.idleCacheBlockCount == 0 }

        isScarce.store(false, ordering: .relaxed)
        try await EngineSupport.wait(for: engine) { !$0.isUnderMemoryPressure }
        let third = try await EngineSupport.answer(engine, request)
        let fourth = try await EngineSupport.answer(engine, request)
        #expect(third.summary?.cachedPromptTokenCount == 0 && fourth.summary?.cachedPromptTokenCount == 64)
        #expect(third.tokenIDs == first.tokenIDs && fourth.tokenIDs == first.tokenIDs)
        #expect(engine.statistics.memoryPressureCount == 1)
    }
}
