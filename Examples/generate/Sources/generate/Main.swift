import Realizar

/// `generate MODEL.gguf PROMPT [CHARACTERS]`: prints the likeliest continuation as it comes, and stops after so many characters.
@main
enum Main {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3 else {
            print("usage: generate MODEL.gguf PROMPT [CHARACTERS]")
            return
        }
        let engine = try await InferenceEngine.load(path: arguments[1])
        var options = GenerationOptions()
        options.sampling = .greedy
        options.maximumTokenCount = 40
        var left = arguments.count > 3 ? Int(arguments[3]) ?? 0 : .max

        let request = GenerationRequest(prompt: .text(arguments[2]), options: options)
        for try await event in try await engine.generate(request) {
            guard case .text(let chunk) = event else { continue }
            let text = chunk.text.prefix(left)
            print(text, terminator: "")
            left -= text.count
            if left == 0 { break }  // leaving the loop cancels the generation
        }
        print()
        await engine.shutDown()
    }
}
