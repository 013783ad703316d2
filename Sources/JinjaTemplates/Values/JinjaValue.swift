/// What an expression of a template can be.
///
/// Values never change: the sandbox that published templates are written for forbids it, `namespace()` apart. A namespace,
/// macro or loop is a number that the running interpreter looks up, so no value can hold itself.
package enum JinjaValue: Sendable {
    /// Nothing; the payload names what was asked for, for messages.
    case undefined(String)
    case none
    case boolean(Bool)
    case integer(Int)
    case double(Double)
    case string(JinjaString)
    case list(JinjaList)
    case tuple(JinjaList)
    case dictionary(JinjaDictionary)
    indirect case method(receiver: JinjaValue, name: String)
    case function(JinjaFunction)
    case macro(Int)
    case namespace(Int)
    case loop(Int)

    package static func text(_ text: String) -> JinjaValue { .string(JinjaString(text)) }
    package static func input(_ text: String) -> JinjaValue { .string(JinjaString(text, isInput: true)) }
    package static func list(_ items: [JinjaValue]) -> JinjaValue { .list(JinjaList(items)) }
    static func tuple(_ items: [JinjaValue]) -> JinjaValue { .tuple(JinjaList(items)) }
    /// - Parameter pairs: in the order of the result; a later pair with the same key wins.
    package static func dictionary(_ pairs: [(String, JinjaValue)]) -> JinjaValue {
        .dictionary(JinjaDictionary(pairs.map { (.text($0.0), $0.1) }))
    }
    /// - Parameter pairs: as above; keys are texts or numbers, and pairs with another key are left out.
    package static func dictionary(_ pairs: [(JinjaValue, JinjaValue)]) -> JinjaValue {
        .dictionary(JinjaDictionary(pairs))
    }
    static var undefined: JinjaValue { .undefined("the value") }

    /// How many lists and dictionaries lie inside one another here; 0 for a plain value.
    var depth: Int {
        switch self {
        case .list(let list), .tuple(let list): list.depth
        case .dictionary(let dictionary): dictionary.depth
        case .method(let receiver, _): receiver.depth + 1
        default: 0
        }
    }

    /// Python's truth of a value.
    var isTruthy: Bool {
        switch self {
        case .undefined, .none: false
        case .boolean(let value): value
        case .integer(let value): value != 0
        case .double(let value): value != 0
        case .string(let value): !value.isEmpty
        case .list(let value), .tuple(let value): !value.items.isEmpty
        case .dictionary(let value): !value.entries.isEmpty
        case .method, .function, .macro, .namespace, .loop: true
        }
    }

    /// The kind of value, for messages.
    var kind: String {
        switch self {
        case .undefined(let name): "undefined (\(name))"
        case .none: "none"
        case .boolean: "a boolean"
        case .integer: "an integer"
        case .double: "a float"
        case .string: "a string"
        case .list: "a list"
        case .tuple: "a tuple"
        case .dictionary: "a dictionary"
        case .method(_, let name): "the method '\(name)'"
        case .function(let function): "the function '\(function.rawValue)'"
        case .macro: "a macro"
        case .namespace: "a namespace"
        case .loop: "a loop"
        }
    }
}

/// The items of a list or tuple with their nesting depth, which is at least 1.
package struct JinjaList: Sendable {
    let items: [JinjaValue]
    let depth: Int

    init(_ items: [JinjaValue]) {
        self.items = items
        var depth = 0
        for item in items { depth = max(depth, item.depth) }
        self.depth = depth + 1
    }
}

/// The functions that every template sees.
package enum JinjaFunction: String, Sendable, CaseIterable {
    case range, namespace, dict
    case raiseException = "raise_exception"
    case strftimeNow = "strftime_now"
}
