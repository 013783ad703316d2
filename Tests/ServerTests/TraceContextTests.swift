import HTTPTypes
import Server
import Testing

@Suite("W3C trace context")
struct TraceContextTests {
    static let trace = "0af7651916cd43dd8448eb211c80319c", span = "b7ad6b7169203331"
    static let parent = HTTPField.Name("traceparent")!, response = HTTPField.Name("traceresponse")!
    static let state = HTTPField.Name("tracestate")!

    static func headers(_ lines: (HTTPField.Name, String)...) async throws -> HTTPFields {
        var fields = HTTPFields()
        for (name, value) in lines { fields.append(HTTPField(name: name, value: value)) }
        return try await RouterClient(ScriptedGenerator()).send(.get, "/v1/models", headers: fields).headers
    }

    @Test(arguments: [("00", "00"), ("01", "01"), ("03", "01"), ("02", "00"), ("ff", "01")])
    func `a trace goes on under the same id, with a part of its own and the caller's choice to record it`(
        flags: String, returned: String
    ) async throws {
        let answer = try await Self.headers((Self.parent, "00-\(Self.trace)-\(Self.span)-\(flags)"))
        let parts = try #require(answer[Self.response]).split(separator: "-")
        #expect(parts.count == 4 && parts[0] == "00" && parts[1] == Self.trace && parts[3] == returned)
        #expect(parts[2].wholeMatch(of: /[0-9a-f]{16}/) != nil && parts[2] != Self.span)
    }

    @Test(arguments: [
        "", "00", "00-\(trace)-\(span)", "00-\(trace)-\(span)-0", "00-\(trace)-\(span)-01-", "00-\(trace)-\(span)-01x",
        "00-\(trace.uppercased())-\(span)-01", "00-\(trace)-\(span.uppercased())-01", "00-\(trace)-\(span)-0G",
        "ff-\(trace)-\(span)-01", "0x-\(trace)-\(span)-01", "01-\(trace)-\(span)-01.more", "00_\(trace)-\(span)-01",
        "00-\(String(repeating: "0", count: 32))-\(span)-01", "00-\(trace)-\(String(repeating: "0", count: 16))-01",
        "00-\(trace)é-\(span)-01", "00-\(trace)-\(span)-01,00-\(trace)-\(span)-01",
    ])
    func `what is not well formed begins a new trace, without the caller's state`(header: String) async throws {
        let answer = try await Self.headers((Self.parent, header), (Self.state, "a=1"))
        let found = try #require(answer[Self.response]?.wholeMatch(of: /00-([0-9a-f]{32})-([0-9a-f]{16})-00/))
        #expect(found.output.1 != Self.trace && found.output.1.contains { $0 != "0" })
        #expect(answer[Self.state] == nil)
    }

    @Test func `a later version is read as far as this one goes, and two headers are none`() async throws {
        let one = "00-\(Self.trace)-\(Self.span)-01"
        for later in ["cc-\(Self.trace)-\(Self.span)-01", "cc-\(Self.trace)-\(Self.span)-01-what-comes"] {
            #expect(try await Self.headers((Self.parent, later))[Self.response]?.hasPrefix("00-\(Self.trace)-") == true)
        }
        let two = try await Self.headers((Self.parent, one), (Self.parent, one))[Self.response]
        #expect(two?.contains(Self.trace) == false)
        let first = try await Self.headers()[Self.response], second = try await Self.headers()[Self.response]
        #expect(first != nil && first != second)
    }

    @Test(
        arguments: [
            (["a=1"], "a=1"), (["a=1, b@c=x y ", "d=2"], "a=1,b@c=x y,d=2"), (["a=1,,b=2,"], "a=1,b=2"),
            (["a=1,a=2"], nil), (["A=1"], nil), (["a"], nil), (["a="], nil), (["a=b=c"], nil), ([" "], nil),
            ([(0..<32).map { "k\($0)=v" }.joined(separator: ",")], (0..<32).map { "k\($0)=v" }.joined(separator: ",")),
            ([(0..<33).map { "k\($0)=v" }.joined(separator: ",")], nil),
            (["a=" + String(repeating: "x", count: 257)], nil),
        ] as [([String], String?)])
    func `the state of others is passed on where it is well formed`(lines: [String], passed: String?) async throws {
        var fields = HTTPFields()
        fields[Self.parent] = "00-\(Self.trace)-\(Self.span)-01"
        for line in lines { fields.append(HTTPField(name: Self.state, value: line)) }
        let answer = try await RouterClient(ScriptedGenerator()).send(.get, "/health", headers: fields)
        #expect(answer.headers[Self.state] == passed)
    }

    @Test func `errors carry it too`() async throws {
        let fields: HTTPFields = [Self.parent: "00-\(Self.trace)-\(Self.span)-01"]
        let answer = try await RouterClient(ScriptedGenerator()).send(.get, "/nope", headers: fields)
        #expect(answer.status == 404 && answer.headers[Self.response]?.contains(Self.trace) == true)
    }
}
