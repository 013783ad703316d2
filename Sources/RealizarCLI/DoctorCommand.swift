import ArgumentParser
import Engine
import ModelFiles

/// `realizar doctor`: what the machine offers, and what speed to expect of a model.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Tells what this machine offers and what speed to expect of a model.",
        discussion: """
            Measures memory and arithmetic for some seconds. With a model, the speeds that they allow follow: no program is \
            faster on this machine; `realizar bench` measures how near this one comes.
            """)

    @Argument(help: "A model as for run (default: only the machine).") var model: String?
    @Option(help: "text is for people; json writes one object.") var format = OutputFormat.text

    func run() async throws {
        let source = model == nil ? nil : try await ModelChoice.source(model)
        let session = try source.map { (source: $0, session: try ModelSession($0, options: EngineOptions())) }
        StandardError.write("measuring the machine")
        let machine = session.map { MachineRoofline.measure(for: $0.session) } ?? MachineRoofline.measure()
        let report = DoctorReport(
            machine,
            model: try session.map { try ModelExpectation(of: $0.source, session: $0.session, machine: machine) })
        switch format {
        case .text: try StandardOutput.write(report.text)
        case .json: try JSONLines.write(report)
        }
    }
}

/// What `doctor` found.
struct DoctorReport: Encodable {
    let processor: String?
    let instructionSets: [String]
    let onlineCPUs: Int
    let allowedCPUs: Int
    let grantedCPUs: Int?
    let threads: Int
    let memoryBytes: Int
    let grantedMemoryBytes: Int?
    let machine: BenchmarkReport.Machine
    let model: ModelExpectation?

    enum CodingKeys: String, CodingKey {
        case processor, threads, machine, model
        case instructionSets = "instruction_sets"
        case onlineCPUs = "online_cpus"
        case allowedCPUs = "allowed_cpus"
        case grantedCPUs = "granted_cpus"
        case memoryBytes = "memory_bytes"
        case grantedMemoryBytes = "granted_memory_bytes"
    }

    init(_ roofline: MachineRoofline, model: ModelExpectation?) {
        processor = Machine.processorName
        instructionSets = Machine.instructionSetNames
        onlineCPUs = Machine.onlineCPUCount
        allowedCPUs = Machine.allowedCPUCount
        grantedCPUs = Machine.grantedCPUCount
        threads = Machine.threadCount
        memoryBytes = Machine.memoryByteCount
        grantedMemoryBytes = Machine.grantedMemoryByteCount
        machine = BenchmarkReport.Machine(roofline)
        self.model = model
    }

    var text: String {
        var lines = [
            ("processor", processor?.printable ?? "unknown"),
            ("instruction set", instructionSets.first ?? "none"),
            ("also possible", instructionSets.dropFirst().joined(separator: ", ")),
            (
                "CPUs",
                "\(onlineCPUs), of which this process may use \(allowedCPUs)"
                    + (grantedCPUs.map { "; its control group grants the time of \($0)" } ?? "")
            ),
            ("threads", "\(threads) by default"),
            (
                "memory",
                NumberFormat.bytes(memoryBytes)
                    + (grantedMemoryBytes.map { "; the control group grants \(NumberFormat.bytes($0))" } ?? "")
            ),
            ("the machine", machine.text),
        ]
        if let model { lines += [("", "")] + model.lines }
        return lines.map { name, value in
            name.isEmpty ? "\n" : name + String(repeating: " ", count: max(1, 18 - name.count)) + value + "\n"
        }.joined()
    }
}

/// The speeds that a machine allows with a model.
struct ModelExpectation: Encodable {
    /// Generation behind so many tokens.
    struct Generation: Encodable {
        let depth: Int
        let tokensPerSecond: Double

        enum CodingKeys: String, CodingKey {
            case depth
            case tokensPerSecond = "tokens_per_second"
        }
    }

    let name: String
    let tensorBytes: Int
    let fitsIntoMemory: Bool
    let cacheBytesPerToken: Int
    let promptTokensPerSecond: Double
    let generation: [Generation]

    enum CodingKeys: String, CodingKey {
        case name, generation
        case tensorBytes = "tensor_bytes"
        case fitsIntoMemory = "fits_into_memory"
        case cacheBytesPerToken = "cache_bytes_per_token"
        case promptTokensPerSecond = "prompt_tokens_per_second"
    }

    /// - Throws: What opening the file throws.
    init(of source: ModelSource, session: ModelSession, machine: MachineRoofline) throws {
        name = "\(source)"
        tensorBytes = try openModel(source).tensors.reduce(0) { $0 + $1.byteRange.count }
        cacheBytesPerToken = session.cacheByteCountPerToken
        let context = session.contextLengthOfModel
        fitsIntoMemory =
            tensorBytes + min(context, 4096) * session.cacheByteCountPerToken < Machine.usableMemoryByteCount / 10 * 9
        let roofline = Roofline(session: session, machine: machine)
        promptTokensPerSecond = roofline.prompt(tokenCount: min(512, context), depth: 0).tokensPerSecond
        generation = [0, 4096, 16384, 65536].filter { $0 == 0 || $0 < context }.map {
            Generation(
                depth: $0,
                tokensPerSecond: roofline.generation(depth: Double($0), sequenceCount: 1).tokensPerSecond)
        }
    }

    var lines: [(String, String)] {
        let speeds = generation.map {
            NumberFormat.fixed($0.tokensPerSecond, decimals: 1) + ($0.depth > 0 ? " behind \($0.depth)" : "")
        }
        let fit = fitsIntoMemory ? "fits into memory" : "does not fit into memory: it will be read from disk, slowly"
        return [
            ("model", name.printable),
            ("size", "\(NumberFormat.bytes(tensorBytes)), \(fit)"),
            ("cache", "\(NumberFormat.bytes(cacheBytesPerToken)) per token of context"),
            ("prompts", "at most \(NumberFormat.fixed(promptTokensPerSecond, decimals: 1)) tokens/s"),
            ("generation", "at most \(speeds.joined(separator: ", ")) tokens/s"),
        ]
    }
}
