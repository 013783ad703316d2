/// The filters of Jinja, by the names that templates write.
enum JinjaFilter: String, CaseIterable {
    case abs, attr, batch, capitalize, center, count, d, `default`, dictsort, e, escape, filesizeformat, first, float
    case forceescape, format, groupby, indent, int, items, join, last, length, list, lower, map, max, min, reject
    case rejectattr, replace, reverse, round, safe, select, selectattr, slice, sort, string, sum, title, tojson, trim
    case truncate, unique, upper, urlencode, wordcount, xmlattr

    private static let named = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

    init?(named name: String) {
        guard let filter = Self.named[name] else { return nil }
        self = filter
    }

    /// Filters of Jinja that are refused when a template is read: they need tables of HTML, a pretty printer or chance.
    static let unsupported: Set<String> = ["pprint", "random", "striptags", "urlize", "wordwrap"]

    /// Names of the parameters behind the value, in order; nil where the filter takes any.
    var parameters: [String]? {
        switch self {
        case .format, .map, .select, .reject, .selectattr, .rejectattr: nil
        case .attr: ["name"]
        case .batch: ["linecount", "fill_with"]
        case .center: ["width"]
        case .d, .default: ["default_value", "boolean"]
        case .dictsort: ["case_sensitive", "by", "reverse"]
        case .filesizeformat: ["binary"]
        case .float: ["default"]
        case .groupby: ["attribute", "default", "case_sensitive"]
        case .indent: ["width", "first", "blank"]
        case .int: ["default", "base"]
        case .join: ["d", "attribute"]
        case .max, .min, .unique: ["case_sensitive", "attribute"]
        case .replace: ["old", "new", "count"]
        case .round: ["precision", "method"]
        case .slice: ["slices", "fill_with"]
        case .sort: ["reverse", "case_sensitive", "attribute"]
        case .sum: ["attribute", "start"]
        case .tojson: ["ensure_ascii", "indent", "separators", "sort_keys"]
        case .trim: ["chars"]
        case .truncate: ["length", "killwords", "end", "leeway"]
        case .xmlattr: ["autospace"]
        default: []
        }
    }

    /// Whether the filter gives an iterator, which runs when its first item is wanted.
    var isLazy: Bool {
        switch self {
        case .batch, .items, .map, .reject, .rejectattr, .select, .selectattr, .slice, .unique: true
        default: false
        }
    }
}

extension Interpreter {
    @inline(never)
    mutating func filter(
        _ filter: JinjaFilter, _ value: JinjaValue, _ arguments: CallArguments
    ) throws(JinjaError) -> JinjaValue {
        try enter()
        defer { leave() }
        try spend(steps: 4)
        if case .string(let text) = value { try spend(reading: text) }
        guard !filter.isLazy else { return try iterator(filter, value, arguments) }
        guard let parameters = filter.parameters else { return try formatFilter(value, arguments) }
        let bound = try bind(arguments, to: parameters, of: "filter '\(filter.rawValue)'")
        switch filter {
        case .capitalize, .center, .e, .escape, .filesizeformat, .forceescape, .indent, .lower, .replace, .safe,
            .string,
            .title, .tojson, .trim, .truncate, .upper, .urlencode, .wordcount, .xmlattr:
            return try textFilter(filter, value, bound)
        case .abs, .float, .int, .round: return try numberFilter(filter, value, bound)
        case .dictsort, .groupby, .max, .min, .sort: return try orderFilter(filter, value, bound)
        case .d, .default: return try defaultFilter(value, bound)
        case .attr:
            let name = try string(bound[0] ?? .none, for: "attr").text
            return try property(name, of: value) ?? .undefined("'\(name)' of \(value.kind)")
        default: return try sequenceFilter(filter, value, bound)
        }
    }

    /// The filter of a name that is only known at run time, as for `map('upper')`.
    func filter(named name: String) throws(JinjaError) -> JinjaFilter {
        guard let filter = JinjaFilter(named: name) else { throw failure(.unknown(kind: "filter", name: name)) }
        return filter
    }

    private func defaultFilter(_ value: JinjaValue, _ bound: [JinjaValue?]) throws(JinjaError) -> JinjaValue {
        let replacesFalse = bound[1]?.isTruthy == true
        if case .undefined = value { return bound[0] ?? .text("") }
        return replacesFalse && !value.isTruthy ? bound[0] ?? .text("") : value
    }

    @inline(never)
    private mutating func formatFilter(_ value: JinjaValue, _ arguments: CallArguments) throws(JinjaError) -> JinjaValue
    {
        guard arguments.named.isEmpty || arguments.positional.isEmpty else {
            throw failure(
                .wrongArguments(callee: "filter 'format'", detail: "takes named or other arguments, not both"))
        }
        let values: JinjaValue =
            arguments.named.isEmpty
            ? .tuple(arguments.positional) : .dictionary(arguments.named.map { ($0.name, $0.value) })
        return .string(try formatted(try text(of: value), by: try checked(values)))
    }
}
