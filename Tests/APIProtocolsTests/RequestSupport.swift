import APIProtocols

/// What decoding a body gives: the value, or the error's sentence.
func decoded<Value: Decodable>(_ type: Value.Type, _ json: String) -> Result<Value, RequestProblem> {
    do throws(JSONBody.Failure) {
        return .success(try JSONBody.decode(type, from: Array(json.utf8)))
    } catch {
        switch error {
        case .syntax(let error): return .failure(RequestProblem(field: "", message: error.description))
        case .field(let error): return .failure(RequestProblem(field: error.field, message: error.description))
        }
    }
}

struct RequestProblem: Error, Equatable {
    var field: String
    var message: String
}

func json(_ value: some Encodable) throws -> String {
    String(decoding: try JSONBody.encode(value), as: UTF8.self)
}
