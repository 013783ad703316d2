import Foundation
import TestSupport
import Testing

@Suite(
    "realizar trace and bench", .enabled(if: StoriesModel.exists, StoriesModel.absent),
    .serialized, .timeLimit(.minutes(3))
)
struct TraceCommandTests {
    let model: String

    init() throws { model = try StoriesModel.require() }

    @Test func `JSON has finite statistics for every layer`() throws {
        let result = try RealizarProcess.run("trace", model, "--tokens", "1,403,407", "--format", "json")
        #expect(result.status == 0)
        let steps = try #require(try result.json()["steps"]?.array)
        let layers = Set(steps.compactMap { $0["layer"]?.number })
        #expect(layers == [0, 1, 2, 3, 4])
        for step in steps {
            #expect(
                step.keys == [
                    "layer", "step", "mean", "deviation", "minimum", "maximum", "l2_norm", "nan_count",
                    "infinity_count",
                ])
            let name = "\(step["step"]?.string ?? "?")"
            let minimum = try #require(step["minimum"]?.number, "\(name)")
            let mean = try #require(step["mean"]?.number, "\(name)")
            let maximum = try #require(step["maximum"]?.number, "\(name)")
            #expect(minimum <= mean && mean <= maximum, "\(name)")
            #expect(step["nan_count"]?.number == 0)
            #expect(step["infinity_count"]?.number == 0)
        }
    }

    @Test func `text has a row per step`() throws {
        let rows = try RealizarProcess.run("trace", model, "--tokens", "1").output.split(separator: "\n")
        let steps = try RealizarProcess.run("trace", model, "--tokens", "1", "--format", "json").json()["steps"]?.array
        #expect(rows.count == (steps?.count ?? 0) + 1)
    }

    @Test(arguments: ["512", "1,2147483647"])
    func `a token outside the vocabulary is refused`(tokens: String) throws {
        let result = try RealizarProcess.run("trace", model, "--tokens", tokens)
        #expect(result.status == 1)
        #expect(result.output.isEmpty)
    }

    @Test func `a logits file that cannot be written is an error`() throws {
        let result = try RealizarProcess.run("trace", model, "--tokens", "1", "--logits", "/nowhere/logits.npy")
        #expect(result.status == 1)
        #expect(result.errorText.contains("/nowhere/logits.npy"))
    }

    /// Expected logits: transformers 5.23 in float32 (shared/data/README.md), with which llama.cpp agrees to 10⁻³.
    @Test func `logits in NumPy's format agree with the reference`() throws {
        let parity = try #require(SharedData.folder("parity/llama"))
        let reference = try JSON(try Data(contentsOf: URL(fileURLWithPath: parity + "/reference.json")))
        let tokens = try #require(reference["tokens"]?.integers)
        let folder = try TemporaryFolder()
        let result = try RealizarProcess.run(
            "trace", parity + "/llama.gguf", "--tokens", tokens.map(String.init).joined(separator: ","), "--logits",
            folder.path("logits.npy"))
        #expect(result.status == 0)
        let expected = try NumPyArray([UInt8](try Data(contentsOf: URL(fileURLWithPath: parity + "/logits.npy"))))
        let found = try NumPyArray(try folder.bytes("logits.npy"))
        #expect(found.shape == [tokens.count, 512])
        #expect(found.shape == expected.shape)
        let largest = zip(found.values, expected.values).map { abs($0 - $1) }.max() ?? .infinity
        #expect(largest < 5e-3)
    }

    @Test func `bench reports speed, deviation and share of the roofline`() throws {
        let result = try RealizarProcess.run(
            "bench", model, "-p", "32", "-n", "8", "-r", "2", "-t", "1", "--format", "json")
        #expect(result.status == 0)
        let json = try result.json()
        #expect(json.keys?.isSuperset(of: ["model", "threads", "isa", "results"]) ?? false)
        #expect(json["threads"]?.number == 1)
        let results = try #require(json["results"]?.array)
        #expect(results.map { $0["test"]?.string } == ["pp32", "tg8"])
        for row in results {
            #expect(row.keys?.isSuperset(of: ["test", "tokens_per_second", "stddev", "share_of_roofline"]) ?? false)
            #expect(row["tokens_per_second"]?.number ?? 0 > 0)
            #expect(row["stddev"]?.number ?? -1 >= 0)
            #expect(row["share_of_roofline"]?.number ?? 0 > 0)
        }
    }

    @Test func `bench names the depth and leaves out what is 0`() throws {
        let result = try RealizarProcess.run(
            "bench", model, "-p", "0", "-n", "4", "-d", "64", "-r", "1", "--format", "json")
        #expect(try result.json()["results"]?.array?.map { $0["test"]?.string } == ["tg4@d64"])
    }
}
