/// What an expression of a template can be.
///
/// Values never change: the sandbox that published templates are written for forbids it, `namespace()` apart. A namespace,
/// macro, loop or iterator is a number that the running interpreter looks up, so no value can hold itself.
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
    /// What `range()` gives: integers that are not in memory.
    case range(JinjaRange)
    /// `keys()`, `values()` or `items()` of a dictionary.
    case view(JinjaView, JinjaDictionary)
    /// What a lazy filter gives: items that can be gone through once.
    case iterator(Int)
    indirect case method(receiver: JinjaValue, name: String)
    case function(JinjaFunction)
    case macro(Int)
    case namespace(Int)
    case loop(Int)
    case cycler(Int)
    case joiner(Int)

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
        case .view(_, let dictionary): dictionary.depth + 1
        case .method(let receiver, _): receiver.depth + 1
        default: 0
        }
    }

    /// The bytes of the text in the value, with 32 more for each value in it.
    var inputBytes: Int {
        switch self {
        case .string(let text): 32 + text.utf8.count
        case .list(let list), .tuple(let list): list.items.reduce(32) { $0 + $1.inputBytes }
        case .dictionary(let dictionary):
            dictionary.entries.reduce(32) { $0 + $1.key.inputBytes + $1.value.inputBytes }
        default: 32
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
        case .dictionary(let value), .view(_, let value): !value.entries.isEmpty
        case .range(let value): value.count > 0
        case .iterator, .method, .function, .macro, .namespace, .loop, .cycler, .joiner: true
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
        case .range: "a range"
        case .view(let view, _): "the \(view.rawValue) of a dictionary"
        case .iterator: "an iterator"
        case .method(_, let name): "the method '\(name)'"
        case .function(let function): "the function '\(function.rawValue)'"
        case .macro: "a macro"
        case .namespace: "a namespace"
        case .loop: "a loop"
        case .cycler: "a cycler"
        case .joiner: "a joiner"
        }
    }
}

/// The items of a list or tuple with their nesting depth, which is at least 1.
package struct JinjaList: Sendable {
    let items: [JinjaValue]
    let depth: Int
    /// Whether this is a pair that `groupby` made, whose parts have the names `grouper` and `list`.
    let isGroup: Bool

    init(_ items: [JinjaValue], isGroup: Bool = false) {
        self.items = items
        self.isGroup = isGroup
        var depth = 0
        for item in items { depth = max(depth, item.depth) }
        self.depth = depth + 1
    }
}

/// Part of a dictionary that is gone through in its place.
package enum JinjaView: String, Sendable {
    case keys, values, items
}

/// The functions that every template sees.
package enum JinjaFunction: String, Sendable, CaseIterable {
    case range, namespace, dict, cycler, joiner
    case raiseException = "raise_exception"
    case strftimeNow = "strftime_now"
}
