import Foundation
import TestSupport
import Testing

@Suite(
    "realizar perplexity", .enabled(if: RealizarProcess.exists, RealizarProcess.missing), .timeLimit(.minutes(2)))
struct PerplexityCommandTests {
    static let text = Fixtures.path("perplexity/held-back.txt")

    /// llama-perplexity of the same file in the same context says 61.7959 ± 7.92034.
    @Test func `the built-in model's perplexity is llama-perplexity's`() throws {
        let result = try RealizarProcess.run(
            "perplexity", "--file", Self.text, "--context-length", "256", "--format", "json")
        #expect(result.status == 0)
        let json = try result.json()
        #expect(json["chunks"]?.number == 22 && json["tokens"]?.number == 2794)
        try Self.expect(json["perplexity"]?["value"]?.number, within: 0.005, of: 61.7959)
        try Self.expect(json["perplexity"]?["error"]?.number, within: 0.005, of: 7.92034)
    }

    @Test(.enabled(if: StoriesModel.exists, StoriesModel.absent))
    func `so is that of a model which begins texts with a token`() throws {
        let result = try RealizarProcess.run(
            "perplexity", try StoriesModel.require(), "--file", Self.text, "--context-length", "128", "--format", "json"
        )
        let json = try result.json()
        #expect(json["chunks"]?.number == 86)
        try Self.expect(json["perplexity"]?["value"]?.number, within: 0.005, of: 34.0352)
        try Self.expect(json["perplexity"]?["error"]?.number, within: 0.005, of: 1.62009)
    }

    /// Its divergence is that of rounding: llama-perplexity says 0.009988 ± 0.000820 and 96.958 % for a file of that type.
    @Test func `a quantized model is compared with its source`() throws {
        let folder = try TemporaryFolder()
        let source = DemoFile.path
        let small = folder.path("small.gguf")
        #expect(try RealizarProcess.run("quantize", source, small, "Q4_K_M", "--allow-requantize").status == 0)
        let json = try RealizarProcess.run(
            "perplexity", small, "--reference", source, "--file", Self.text, "--context-length", "256", "--format",
            "json"
        ).json()
        let comparison = try #require(json["comparison"])
        try Self.expect(comparison["kl_divergence"]?["value"]?.number, within: 0.5, of: 0.0100)
        try Self.expect(comparison["top_token_agreement"]?["value"]?.number, within: 0.02, of: 0.97)
        let own = try RealizarProcess.run(
            "perplexity", source, "--file", Self.text, "--context-length", "256", "--format", "json"
        ).json()
        #expect(comparison["reference_perplexity"]?.number == own["perplexity"]?["value"]?.number)
    }

    @Test func `a model does not differ from itself`() throws {
        let json = try RealizarProcess.run(
            "perplexity", Fixtures.path("models/tiny-qwen3.gguf"), "--reference",
            Fixtures.path("models/tiny-qwen3.gguf"),
            "--file", Self.text, "--context-length", "64", "--chunks", "3", "--format", "json"
        ).json()
        #expect(json["chunks"]?.number == 3 && json["tokens"]?.number == 93)
        let comparison = try #require(json["comparison"])
        #expect(comparison["kl_divergence"]?["value"]?.number == 0)
        #expect(comparison["kl_divergence_maximum"]?.number == 0)
        #expect(comparison["top_token_agreement"]?["value"]?.number == 1)
        #expect(comparison["log_perplexity_ratio"]?["value"]?.number == 0)
    }

    @Test func `a text that fills no context, and another vocabulary, are refused`() throws {
        let model = Fixtures.path("models/tiny-qwen3.gguf")
        let long = try RealizarProcess.run("perplexity", model, "--file", Self.text, "--context-length", "1000000")
        #expect(long.status == 1 && long.errorText.contains("fewer than a context of 1000000"))
        let other = try RealizarProcess.run(
            "perplexity", model, "--reference", Fixtures.path("models/tiny-llama.gguf"), "--file", Self.text,
            "--context-length", "64")
        #expect(other.status == 1 && other.errorText.contains("another vocabulary"))
        let missing = try RealizarProcess.run("perplexity", model, "--file", "missing.txt")
        #expect(missing.status == 1)
        #expect(missing.errorText == "error: cannot read missing.txt: No such file or directory\n")
        #expect(try RealizarProcess.run("perplexity", model, "--file", Self.text, "--chunks", "0").status == 2)
    }

    private static func expect(_ value: Double?, within share: Double, of expected: Double) throws {
        let value = try #require(value)
        #expect(abs(value / expected - 1) <= share, "\(value), expected \(expected)")
    }
}
