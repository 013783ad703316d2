import Foundation
import HTTPTypes
import ModelStores
import Synchronization
import TestSupport
import Testing

@Suite("Bringing models from a hub")
struct PullTests {
    static let model = { () -> [UInt8] in
        var generator = SeededGenerator(seed: 1)
        return (0..<100_000).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }()
    static let files: [String: [UInt8]] = [
        "m-Q8_0.gguf": model, "m-Q4_0.gguf": Array(model.prefix(50_000)), "README.md": Array("hello".utf8),
    ]

    struct Outcome {
        let result: Result<StoredModel, any Error>
        let progress: [Int]
        let retries: [RetryNotice]
    }

    static func pull(
        _ hub: FakeHub, _ name: String = "hf:owner/name:Q8_0", into folder: String, token: String? = nil
    ) async throws -> Outcome {
        try await hub.run { address in
            var environment = ["HF_HUB_CACHE": folder, "HF_ENDPOINT": address, "HOME": folder]
            environment["HF_TOKEN"] = token
            let library = ModelLibrary(StoreLocations(environment: environment))
            let seen = Mutex<[Int]>([]), retries = Mutex<[RetryNotice]>([])
            let result: Result<StoredModel, any Error>
            do {
                result = .success(
                    try await library.pull(name, onRetry: { notice in retries.withLock { $0.append(notice) } }) {
                        done, _ in
                        seen.withLock { $0.append(done) }
                    })
            } catch { result = .failure(error) }
            return Outcome(result: result, progress: seen.withLock { $0 }, retries: retries.withLock { $0 })
        }
    }

    @Test func `a file arrives whole, under its checksum, and is then found without the hub`() async throws {
        try await withTemporaryFolder { folder in
            let hub = FakeHub(Self.files)
            let outcome = try await Self.pull(hub, into: folder)
            let model = try outcome.result.get()
            #expect(contents(model.path) == Self.model && model.byteCount == 100_000)
            #expect(outcome.progress.last == 100_000)
            let library = ModelLibrary(StoreLocations(environment: ["HF_HUB_CACHE": folder, "HF_HUB_OFFLINE": "1"]))
            #expect(try library.path(of: "hf:owner/name:Q8_0") == model.path)
            let root = folder + "/models--owner--name"
            #expect(contents(root + "/refs/main") == Array(FakeHub.commit.utf8))
            #expect(try FileManager.default.contentsOfDirectory(atPath: root + "/blobs").count == 1)
            // A second time nothing is brought.
            _ = try await Self.pull(hub, into: folder).result.get()
            #expect(hub.requests.withLock { $0.count } == 1)
        }
    }

    @Test func `a folder of safetensors arrives with what belongs to it`() async throws {
        try await withTemporaryFolder { folder in
            let hub = FakeHub([
                "config.json": Array("{}".utf8), "model.safetensors": Self.model, "tokenizer.json": Array("{}".utf8),
                "1_Pooling/config.json": Array("[]".utf8), "onnx/model.onnx": Self.model,
                "pytorch_model.bin": Self.model,
            ])
            let model = try await Self.pull(hub, "hf:owner/name", into: folder).result.get()
            #expect(contents(model.path + "/model.safetensors") == Self.model)
            #expect(contents(model.path + "/1_Pooling/config.json") == Array("[]".utf8))
            #expect(contents(model.path + "/pytorch_model.bin") == nil)
        }
    }

    @Test func `broken connections are gone on with where they broke, and progress never goes back`() async throws {
        try await withTemporaryFolder { folder in
            let hub = FakeHub(Self.files, .init(cuts: [20_000, 20_000, 8_192]))
            let outcome = try await Self.pull(hub, into: folder)
            #expect(contents(try outcome.result.get().path) == Self.model)
            let starts = hub.requests.withLock { $0.map(\.from) }
            #expect(starts.count == 4 && starts == starts.sorted() && starts[3] > 30_000, "\(starts)")
            #expect(outcome.progress == outcome.progress.sorted() && outcome.progress.last == 100_000)
        }
    }

    @Test func `a hub that sends everything again is understood`() async throws {
        try await withTemporaryFolder { folder in
            let hub = FakeHub(Self.files, .init(cuts: [60_000], ignoresRanges: true))
            let outcome = try await Self.pull(hub, into: folder)
            #expect(contents(try outcome.result.get().path) == Self.model)
            #expect(outcome.progress == outcome.progress.sorted())
        }
    }

    @Test func `what an earlier run left is gone on with`() async throws {
        try await withTemporaryFolder { folder in
            let hub = FakeHub(Self.files)
            let digest = FakeHub.sha256(Self.model)
            try write(Array(Self.model.prefix(70_000)), to: folder + "/models--owner--name/blobs/\(digest).incomplete")
            let outcome = try await Self.pull(hub, into: folder)
            #expect(contents(try outcome.result.get().path) == Self.model)
            #expect(hub.requests.withLock { $0.map(\.from) } == [70_000])
        }
    }

    @Test func `a wrong checksum leaves nothing that could be taken for the model`() async throws {
        try await withTemporaryFolder { folder in
            let outcome = try await Self.pull(FakeHub(Self.files, .init(corrupts: true)), into: folder)
            let error = #expect(throws: ModelStoreError.self) { try outcome.result.get() }
            guard case .wrongChecksum = error?.problem else {
                Issue.record("\(String(describing: error))")
                return
            }
            let blobs = folder + "/models--owner--name/blobs"
            #expect(try FileManager.default.contentsOfDirectory(atPath: blobs).isEmpty)
            #expect(!FileManager.default.fileExists(atPath: folder + "/models--owner--name/snapshots"))
        }
    }

    @Test func `a hub in trouble is asked again, not before it wants to be, and each attempt is told`() async throws {
        try await withTemporaryFolder { folder in
            let troubled = FakeHub(
                Self.files, .init(failures: [.serviceUnavailable, .tooManyRequests], retryAfter: "1"))
            let start = ContinuousClock.now
            let outcome = try await Self.pull(troubled, into: folder)
            #expect(contents(try outcome.result.get().path) == Self.model)
            #expect(ContinuousClock.now - start >= .seconds(2))
            #expect(outcome.retries.map(\.attempt) == [2, 3] && outcome.retries.allSatisfy { $0.attemptCount == 5 })
            #expect(outcome.retries.first?.pause == .seconds(1))
            #expect(outcome.retries.first?.reason.contains("503") == true, "\(outcome.retries)")
            #expect(outcome.retries.last?.reason.contains("it asks to wait for 1 seconds") == true)
        }
    }

    @Test(arguments: [HTTPResponse.Status.notFound, .unauthorized, .forbidden, .gone])
    func `a hub that refuses is not asked again`(_ status: HTTPResponse.Status) async throws {
        try await withTemporaryFolder { folder in
            let outcome = try await Self.pull(FakeHub(Self.files, .init(failures: [status])), into: folder)
            let error = #expect(throws: ModelStoreError.self) { try outcome.result.get() }
            guard case .refused(status.code, _) = error?.problem else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(outcome.retries.isEmpty)
        }
    }

    @Test func `a hub that wants to be left alone for an hour is not waited for`() async throws {
        try await withTemporaryFolder { folder in
            let hub = FakeHub(Self.files, .init(failures: [.tooManyRequests], retryAfter: "3600"))
            let outcome = try await Self.pull(hub, into: folder)
            let error = #expect(throws: ModelStoreError.self) { try outcome.result.get() }
            #expect(String(describing: error).contains("it asks to wait for 3600 seconds") && outcome.retries.isEmpty)
        }
    }

    @Test func `the token goes to the hub and to nobody else`() async throws {
        try await withTemporaryFolder { folder in
            let hub = FakeHub(Self.files, .init(redirects: true, token: "secret"))
            let refused = try await Self.pull(hub, into: folder)
            let error = #expect(throws: ModelStoreError.self) { try refused.result.get() }
            #expect(String(describing: error).contains("HF_TOKEN"))
            let outcome = try await Self.pull(hub, into: folder, token: "secret")
            #expect(contents(try outcome.result.get().path) == Self.model)
            #expect(!hub.tokenWasLeaked)
        }
    }

    @Test(arguments: ["../../evil.gguf", "/etc/x", "a//b", "a/\\u0000", "."])
    func `names that lead outside the repository are refused`(_ name: String) async throws {
        try await withTemporaryFolder { folder in
            let outcome = try await Self.pull(FakeHub(Self.files, .init(strangeNames: [name])), into: folder)
            let error = #expect(throws: ModelStoreError.self) { try outcome.result.get() }
            #expect(String(describing: error).contains("names of files inside the repository"))
        }
    }

    @Test(arguments: [(Int.max, "bytes together"), (1 << 60, "make room")])
    func `sizes that no disk has are refused before anything is written`(_ size: Int, _ expected: String) async throws {
        try await withTemporaryFolder { folder in
            let files = ["config.json": Array("{}".utf8), "model.safetensors": Self.model]
            let hub = FakeHub(files, .init(claimedByteCount: size))
            let outcome = try await Self.pull(hub, "hf:owner/name", into: folder)
            let error = #expect(throws: ModelStoreError.self) { try outcome.result.get() }
            #expect(String(describing: error).contains(expected), "\(String(describing: error))")
            #expect(hub.requests.withLock { $0.isEmpty })
        }
    }

    @Test func `two that bring the same file do not disturb each other`() async throws {
        try await withTemporaryFolder { folder in
            let partial = folder + "/models--owner--name/blobs/\(FakeHub.sha256(Self.model)).incomplete"
            try write([UInt8](), to: partial)
            let descriptor = open(partial, O_RDWR)
            #expect(flock(descriptor, LOCK_EX) == 0)
            defer { close(descriptor) }
            let outcome = try await Self.pull(FakeHub(Self.files), into: folder)
            let error = #expect(throws: ModelStoreError.self) { try outcome.result.get() }
            #expect(error?.problem == .busy)
        }
    }

    @Test func `without a hub the reason is told`() async throws {
        try await withTemporaryFolder { folder in
            let library = ModelLibrary(
                StoreLocations(environment: ["HF_HUB_CACHE": folder, "HF_HUB_OFFLINE": "1"]))
            let error = await #expect(throws: ModelStoreError.self) { try await library.pull("hf:a/b") { _, _ in } }
            #expect(String(describing: error).contains("HF_HUB_OFFLINE"))
        }
    }
}
