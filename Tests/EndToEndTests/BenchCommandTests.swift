import Foundation
import TestSupport
import Testing

/// Speeds are not judged here, only that they are measured, written and compared.
@Suite(
    "realizar bench and doctor", .enabled(if: RealizarProcess.exists, RealizarProcess.missing), .timeLimit(.minutes(2)))
struct BenchCommandTests {
    static let quick = ["bench", "-p", "16", "-n", "4,8", "-d", "0,40", "-s", "1,3", "-r", "4", "-t", "1"]

    @Test func `json holds every combination once, with samples and the share of the bound`() throws {
        let result = try RealizarProcess(Self.quick + ["--format", "json"]).wait()
        #expect(result.status == 0, "\(result.errorText)")
        let report = try result.json()
        let rows = try #require(report["results"]?.array)
        let names = rows.compactMap { $0["test"]?.string }
        #expect(
            names == [
                "pp16", "pp16@d40", "tg4", "tg4x3", "tg8", "tg8x3", "tg4@d40", "tg4x3@d40", "tg8@d40", "tg8x3@d40",
            ])
        for row in rows {
            let samples = try #require(row["samples"]?.array).compactMap(\.number)
            let mean = try #require(row["tokens_per_second"]?.number),
                share = try #require(row["share_of_roofline"]?.number)
            #expect(samples.count == 4 && samples.allSatisfy { $0 > 0 })
            #expect(abs(samples.reduce(0, +) / 4 - mean) < 1e-6 * mean)
            #expect(try abs(mean / #require(row["roofline_tokens_per_second"]?.number) - share) < 1e-6)
            #expect(["memory", "arithmetic"].contains(row["bound"]?.string))
        }
        for key in ["read_bytes_per_second", "int8_multiply_adds_per_second", "float32_multiply_adds_per_second"] {
            #expect(try #require(report["machine"]?[key]?.number) > 1e8)
        }
    }

    @Test func `the type of keys and values is named`() throws {
        let arguments = ["bench", "-p", "0", "-n", "2", "-r", "1", "-t", "1"]
        let result = try RealizarProcess(arguments + ["--kv-cache-type", "Q8_0", "--format", "json"]).wait()
        #expect(try result.json()["kv_cache_type"]?.string == "q8_0")
        #expect(try RealizarProcess(arguments).wait().output.contains(", f16 keys and values\n"))
    }

    @Test func `csv has a line for each test and the same number of fields in each`() throws {
        let result = try RealizarProcess(Self.quick + ["--format", "csv"]).wait()
        let lines = result.output.split(separator: "\n")
        #expect(result.status == 0 && lines.count == 11)
        #expect(Set(lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).count }) == [12])
    }

    /// An earlier run with speeds that this one cannot have.
    @Test(arguments: [(1e9, 4, "slower", 1), (1e-9, 4, "faster", 0), (1e9, 2, "too few repetitions", 0)])
    func `a comparison tells by ranks, and a slower test makes the exit status 1`(
        factor: Double, count: Int, verdict: String, status: Int32
    ) throws {
        let folder = try TemporaryFolder()
        let arguments = ["bench", "-p", "0", "-n", "4", "-r", "4", "-t", "1", "--format", "json"]
        let first = try RealizarProcess(arguments).wait()
        var report = try #require(try JSONSerialization.jsonObject(with: Data(first.outputBytes)) as? [String: Any])
        var row = try #require((report["results"] as? [[String: Any]])?.first)
        row["samples"] = (1...count).map { Double($0) * factor }
        report["results"] = [row]
        try JSONSerialization.data(withJSONObject: report).write(to: folder.url("earlier.json"))
        let second = try RealizarProcess(arguments + ["--compare", folder.path("earlier.json")]).wait()
        #expect(second.status == status)
        #expect(try second.json()["comparison"]?[0]?["verdict"]?.string == verdict)
    }

    @Test(arguments: ["", "{}", #"{"results": []}"#, "not json"])
    func `a file that is no report is refused before anything is measured`(contents: String) throws {
        let folder = try TemporaryFolder()
        try contents.write(toFile: folder.path("earlier.json"), atomically: false, encoding: .utf8)
        let result = try RealizarProcess.run("bench", "--compare", folder.path("earlier.json"))
        #expect(result.status == 1 && result.output.isEmpty)
        #expect(result.errorText.contains("earlier.json") && !result.errorText.contains("measuring"))
    }

    @Test func `the plot is well-formed and draws a line for each thing that varies`() throws {
        let folder = try TemporaryFolder()
        let result = try RealizarProcess(Self.quick + ["--plot", folder.path("speed.svg")]).wait()
        #expect(result.status == 0, "\(result.errorText)")
        let svg = String(decoding: try folder.bytes("speed.svg"), as: UTF8.self)
        // Panels over depth: pp16, tg4 and tg8 of 1 and of 3 sequences; over sequences: tg4 and tg8 at two depths. Two lines each.
        #expect(svg.components(separatedBy: "<polyline").count - 1 == 2 * 9)
        #expect(svg.components(separatedBy: "<circle").count - 1 == 2 * 9)
        for number in ["nan", "inf", "-inf"] { #expect(!svg.contains("\"" + number) && !svg.contains("," + number)) }
        let opened = svg.components(separatedBy: "<text").count, closed = svg.components(separatedBy: "</text>").count
        #expect(opened == closed && svg.hasSuffix("</svg>\n"))
    }

    @Test func `doctor tells of the machine, and of a model's bounds`() throws {
        let machine = try RealizarProcess.run("doctor", "--format", "json").json()
        let online = try #require(machine["online_cpus"]?.number),
            allowed = try #require(machine["allowed_cpus"]?.number)
        #expect(allowed >= 1 && allowed <= online)
        #expect(try #require(machine["threads"]?.number) <= allowed)
        #expect(machine["instruction_sets"]?.array?.last?.string == "scalar")
        #expect(machine["model"] == nil)
        let withModel = try RealizarProcess.run(
            "doctor", Fixtures.path("models/tiny-llama.gguf"), "--format", "json"
        ).json()
        #expect(try #require(withModel["model"]?["generation"]?[0]?["tokens_per_second"]?.number) > 0)
        #expect(try #require(withModel["model"]?["prompt_tokens_per_second"]?.number) > 0)
    }

    @Test func `doctor counts the CPUs that the process is kept to`() throws {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/taskset") else { return }
        let process = Process(), output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/taskset")
        process.arguments = ["1", RealizarProcess.path, "doctor", "--format", "json"]
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let report = try JSON([UInt8](output.fileHandleForReading.readDataToEndOfFile()))
        process.waitUntilExit()
        #expect(report["allowed_cpus"]?.number == 1 && report["threads"]?.number == 1)
    }
}
