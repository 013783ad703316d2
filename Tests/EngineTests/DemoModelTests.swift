import ChatTemplates
import Compute
import Engine
import Foundation
import Realizar
import TestSupport
import Testing

/// A trained model whose rows are multiples of 256, so that formats of all kinds apply.
@Suite("The demo model in all its forms", .timeLimit(.minutes(3)))
struct DemoModelFormTests {
    /// `Fixtures/demo/golden.json`, written by Tools/demo-model/evaluate.py.
    private struct Golden: Decodable {
        let system: String
        let prompt: String
        let text: String
    }

    @Test(arguments: DemoForm.allCases, InstructionSet.available)
    func `greedy answers are the golden ones`(form: DemoForm, instructionSet: InstructionSet) async throws {
        let golden = try JSONDecoder().decode([String: [Golden]].self, from: Data(Fixtures.bytes("demo/golden.json")))
        let expected = try #require(golden[form.rawValue])
        #expect(expected.count >= 12)
        var options = EngineOptions()
        options.instructionSet = instructionSet.rawValue
        options.threadCount = 2
        options.pinsThreads = false
        let engine = try await InferenceEngine.load(try form.source(), options: options)
        for entry in expected {
            var messages = [ChatMessage(role: .user, content: entry.prompt)]
            if !entry.system.isEmpty { messages.insert(ChatMessage(role: .system, content: entry.system), at: 0) }
            var request = EngineSupport.request(.chat(messages), count: 260)
            request.options.ignoresEndOfGeneration = false
            let answer = try await EngineSupport.answer(engine, request)
            #expect(answer.text == entry.text, "\(entry.prompt)")
            #expect(answer.summary?.finishReason == .stop, "\(entry.prompt)")
        }
    }

    /// `Fixtures/demo/held-back.json`: answers to questions that the training text does not have.
    private struct HeldBack: Decodable {
        let tokens: [Int32]
        /// Index of the first token of the answer.
        let answer: Int
    }

    /// Mean loss in nats of every answer's tokens, and the token of the highest logit at each.
    private func losses(_ form: DemoForm) throws -> (perplexity: Double, likeliest: [Int]) {
        let documents = try JSONDecoder().decode([HeldBack].self, from: Data(Fixtures.bytes("demo/held-back.json")))
        var options = EngineOptions()
        options.contextLength = 512
        options.pinsThreads = false
        let session = try ModelSession(try form.source(), options: options)
        let width = session.vocabularySize
        var sum = 0.0, likeliest: [Int] = []
        for document in documents {
            session.reset()
            let logits = try session.forward(document.tokens, allLogits: true)
            for position in document.answer..<document.tokens.count {
                let row = logits[(position - 1) * width..<position * width]
                let highest = row.max() ?? 0
                let total = row.reduce(0.0) { $0 + exp(Double($1 - highest)) }
                sum += log(total) - Double(row[row.startIndex + Int(document.tokens[position])] - highest)
                likeliest.append(row.firstIndex(of: highest).map { $0 - row.startIndex } ?? 0)
            }
        }
        return (exp(sum / Double(likeliest.count)), likeliest)
    }

    /// Perplexity alone says little, since errors of both signs cancel: the likeliest tokens are compared too.
    @Test func `quantized forms are within 2 percent of float32 on held-back text`() throws {
        let exact = try losses(.decoded)
        #expect(exact.likeliest.count > 2000 && exact.perplexity < 1.5, "\(exact.perplexity)")
        for (form, agreement) in [(DemoForm.q8_0, 0.995), (.q4_k_m, 0.97)] {
            let other = try losses(form)
            #expect(
                abs(other.perplexity / exact.perplexity - 1) < 0.02, "\(form): \(other.perplexity), \(exact.perplexity)"
            )
            let same = zip(exact.likeliest, other.likeliest).count { $0 == $1 }
            #expect(
                Double(same) / Double(exact.likeliest.count) > agreement, "\(form): \(same) of \(exact.likeliest.count)"
            )
        }
    }
}
