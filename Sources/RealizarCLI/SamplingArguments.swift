import ArgumentParser
import Engine
import Sampling

/// Options of every command that generates text. The defaults are those of `SamplingOptions`.
struct SamplingArguments: ParsableArguments {
    @Option(
        name: [.customShort("n"), .customLong("max-tokens")], parsing: .unconditional,
        help: ArgumentHelp("Tokens to generate at most (default: to the end of the context).", valueName: "n"))
    var maximumTokenCount: Int?

    @Option(parsing: .unconditional, help: ArgumentHelp("0 chooses the likeliest token; 0...5.", valueName: "t"))
    var temperature = SamplingOptions().temperature

    @Option(parsing: .unconditional, help: ArgumentHelp("Keeps the k likeliest tokens; 0 keeps all.", valueName: "k"))
    var topK = SamplingOptions().topK

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Keeps the likeliest tokens that reach probability p; 1 keeps all.", valueName: "p"))
    var topP = SamplingOptions().topP

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Keeps tokens at least this share as likely as the likeliest; 0 keeps all.", valueName: "p"))
    var minP = SamplingOptions().minP

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Makes the last 64 tokens less likely; 1 is off, at most 10.", valueName: "x"))
    var repeatPenalty = SamplingOptions().repetitionPenalty

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Subtracted from logits of tokens that the answer has; -2...2.", valueName: "x"))
    var presencePenalty = SamplingOptions().presencePenalty

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Subtracted once per occurrence in the answer; -2...2.", valueName: "x"))
    var frequencyPenalty = SamplingOptions().frequencyPenalty

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The same seed gives the same text (default: a fresh one).", valueName: "n"))
    var seed: UInt64?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Ends the answer before this text; may be given several times.", valueName: "text"))
    var stop: [String] = []

    @Flag(help: "Goes on past the model's end-of-generation tokens.")
    var ignoreEos = false

    func validate() throws {
        if let maximumTokenCount, maximumTokenCount < 0 {
            throw ValidationError("-n is \(maximumTokenCount), but must be 0 or more")
        }
        if stop.contains("") { throw ValidationError("--stop must not be empty") }
        do {
            try samplingOptions.validate()
        } catch {
            throw ValidationError(error.description)
        }
    }

    private var samplingOptions: SamplingOptions {
        var options = SamplingOptions()
        options.temperature = temperature
        options.topK = topK
        options.topP = topP
        options.minP = minP
        options.repetitionPenalty = repeatPenalty
        options.presencePenalty = presencePenalty
        options.frequencyPenalty = frequencyPenalty
        options.seed = seed
        return options
    }

    var generationOptions: GenerationOptions {
        var options = GenerationOptions()
        options.maximumTokenCount = maximumTokenCount
        options.sampling = samplingOptions
        options.stopSequences = stop
        options.ignoresEndOfGeneration = ignoreEos
        return options
    }
}
