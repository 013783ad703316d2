import Foundation
import Testing

@Suite("realizar chat", .enabled(if: StoriesModel.exists, StoriesModel.absent), .timeLimit(.minutes(1)))
struct ChatCommandTests {
    @Test func `a model without a chat template is refused, with what to do instead`() throws {
        let result = try RealizarProcess.run("chat", try StoriesModel.require(), input: "hello\n")
        #expect(result.status == 1)
        #expect(result.output.isEmpty)
        #expect(result.errorText.contains("run --raw"))
    }
}
