import Foundation

/// JSON bodies to values and back.
public enum JSONBody {
    /// Why a body could not be read.
    public enum Failure: Error, Sendable, Equatable {
        case syntax(JSONSyntaxError)
        case field(RequestFieldError)
    }

    private static let textKey = CodingUserInfoKey(rawValue: "realizar.text")

    /// The text that is being decoded; nil in a decoder that is not this type's.
    static func text(of decoder: any Decoder) -> [UInt8]? {
        textKey.flatMap { decoder.userInfo[$0] } as? [UInt8]
    }

    /// - Throws: `.syntax` for text that is no JSON, `.field` for JSON that is no `Value`.
    public static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws(Failure) -> Value {
        do throws(JSONSyntaxError) { try JSONSyntax.check(bytes) } catch { throw .syntax(error) }
        do {
            let decoder = JSONDecoder()
            if let textKey { decoder.userInfo[textKey] = bytes }
            return try decoder.decode(Value.self, from: Data(bytes))
        } catch let error as RequestFieldError {
            throw .field(error)
        } catch let error as DecodingError {
            throw .field(RequestFieldError(error))
        } catch {
            throw .field(RequestFieldError(field: "", problem: .invalid(expected: "readable JSON", found: "\(error)")))
        }
    }

    /// One line of UTF-8 with its keys in alphabetical order and slashes as they are.
    ///
    /// - Throws: `EncodingError` for a number that is not finite.
    public static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return [UInt8](try encoder.encode(value))
    }
}

extension RequestFieldError {
    /// The decoder's own complaint, for fields that are read without a `FieldReader`.
    init(_ error: DecodingError) {
        switch error {
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            self.init(
                field: FieldName.path(context.codingPath),
                problem: .invalid(expected: "of another kind", found: "this: \(context.debugDescription)"))
        case .keyNotFound(let key, let context):
            self.init(field: FieldName.path(context.codingPath + [key]), problem: .missing)
        @unknown default:
            self.init(field: "", problem: .invalid(expected: "readable JSON", found: "something else"))
        }
    }
}
