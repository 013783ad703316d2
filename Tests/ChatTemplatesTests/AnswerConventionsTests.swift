import ChatTemplates
import Testing

@Suite("Answer conventions")
struct AnswerConventionsTests {
    /// What published templates of each family write around calls and reasoning.
    @Test(
        arguments: [
            (#"<tools>{{ tool | tojson }}</tools> <tool_call>\n{"name": …}\n</tool_call>"#, "hermes", nil),
            ("<|im_start|>assistant\n<think>\n{{ r }}\n</think>\n\n<tool_call>", "hermes", "think"),
            ("<tool_call>\n<function={{ name }}>\n<parameter={{ key }}>", "qwen3-coder", nil),
            (
                "<tool_call>{{ tc.name }}\n<arg_key>{{ k }}</arg_key>\n<arg_value>{{ v }}</arg_value> </think>", "glm",
                "think"
            ),
            ("{% if tools %}[AVAILABLE_TOOLS]{% endif %}[TOOL_CALLS]", "mistral", nil),
            ("[TOOL_CALLS]{{ name }}[ARGS] [THINK]{{ t }}[/THINK]", "mistral", "mistral"),
            ("<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜> split('</think>')", "deepseek", "think"),
            ("<|START_THINKING|>{{ p }}<|END_THINKING|><|START_ACTION|>[", "command-r", "command-r"),
            ("<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|> 'Action:' ```json", "command-r", nil),
            ("<|start|>assistant<|channel|>analysis<|message|>", "harmony", "harmony"),
            ("{{ '<|tool_call|>' + message.tool_calls|tojson }}", "granite", nil),
            ("{% if builtin_tools %}<|python_tag|>{{ tool_call.name }}.call(", "llama3", nil),
            ("<|start_header_id|>system<|end_header_id|>{% if tools is not none %}", "llama3", nil),
            ("<seed:think>", nil, "seed"),
            ("<|im_start|>{{ message.role }}\n{{ message.content }}", nil, nil),
        ] as [(String, String?, String?)])
    func `the template tells how its model writes`(source: String, tools: String?, reasoning: String?) throws {
        let conventions = try AnswerConventions(template: source)
        #expect(conventions.toolCalls?.name == tools)
        #expect(conventions.reasoning?.name == reasoning)
    }

    @Test func `a name goes before what the template tells`() throws {
        let source = "<think></think><tool_call>"
        let named = try AnswerConventions(template: source, toolCallParser: "mistral", reasoningParser: "none")
        #expect(named.toolCalls?.name == "mistral")
        #expect(named.reasoning == nil)
        #expect(try AnswerConventions(template: source, toolCallParser: "none").toolCalls == nil)
        let error = #expect(throws: ChatTemplateError.self) {
            try AnswerConventions(template: source, toolCallParser: "xml")
        }
        #expect(
            error?.description
                == "there is no tool-call parser 'xml'; known are harmony, mistral, deepseek, command-r, glm, qwen3-coder, "
                + "granite, hermes, llama3, json, none")
    }

    @Test func `names are there once`() {
        for names in [AnswerConventions.toolCallParserNames, AnswerConventions.reasoningParserNames] {
            #expect(Set(names).count == names.count)
        }
    }
}
