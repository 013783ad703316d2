/// `value.name`, `value[key]` and `value[start:stop:step]`.
extension Interpreter {
    /// A method or variable first, then an item: as Jinja reads `value.name`.
    @inline(never)
    mutating func attribute(_ name: String, of value: JinjaValue) throws(JinjaError) -> JinjaValue {
        if let found = try property(name, of: value) { return found }
        if case .dictionary(let dictionary) = value, let item = dictionary[name] { return item }
        return .undefined("'\(name)' of \(value.kind)")
    }

    /// An item first, then a method or variable: as Jinja reads `value['name']`.
    @inline(never)
    mutating func item(_ key: JinjaValue, of value: JinjaValue) throws(JinjaError) -> JinjaValue {
        switch (value, key) {
        case (.dictionary(let dictionary), _):
            if let hashed = try hashable(key), let item = dictionary[hashed] { return item }
        case (.list(let list), .integer(let index)), (.tuple(let list), .integer(let index)):
            let place = index < 0 ? list.items.count + index : index
            return list.items.indices.contains(place) ? list.items[place] : .undefined("item \(index) of the list")
        case (.range(let range), .integer(let index)):
            let place = index < 0 ? range.count + index : index
            return (0..<range.count).contains(place) ? .integer(range[place]) : .undefined("item \(index) of the range")
        case (.list, .boolean(let flag)), (.tuple, .boolean(let flag)), (.range, .boolean(let flag)),
            (.string, .boolean(let flag)):
            return try item(.integer(flag ? 1 : 0), of: value)
        case (.string(let text), .integer(let index)):
            try spend(reading: text)
            let count = text.scalarCount
            let place = index < 0 ? count + index : index
            guard (0..<count).contains(place) else { return .undefined("character \(index) of the string") }
            let start = text.byteOffset(ofScalar: place)
            return .string(text.slice(start..<start + text.scalar(at: start).width))
        case (.undefined(let name), _): throw failure(.undefined(name))
        default: break
        }
        if case .string(let name) = key, let found = try property(name.text, of: value) { return found }
        return .undefined("item \(try quoted(key).text) of \(value.kind)")
    }

    /// What a value has by its type: methods, and the variables of namespaces and loops.
    @inline(never)
    mutating func property(_ name: String, of value: JinjaValue) throws(JinjaError) -> JinjaValue? {
        switch value {
        case .undefined(let undefined): throw failure(.undefined(undefined))
        case .namespace(let number): return namespaces[number][name]
        case .loop(let serial): return loopProperty(name, of: serial)
        case .string: return StringMethod(named: name) == nil ? nil : .method(receiver: value, name: name)
        case .list, .tuple, .dictionary, .range:
            if case .tuple(let list) = value, list.isGroup, name == "grouper" || name == "list" {
                return list.items[name == "grouper" ? 0 : 1]
            }
            guard let method = CollectionMethod(named: name), method.isOf(value) else {
                return rangeProperty(name, of: value)
            }
            guard !method.changesReceiver else {
                return .undefined("'\(name)', which would change \(value.kind),")
            }
            return try checked(.method(receiver: value, name: name))
        case .boolean, .integer, .double: return numberProperty(name, of: value)
        case .macro(let number): return macroProperty(name, of: macros[number].definition)
        case .cycler(let number) where name == "current": return cyclers[number].current
        case .cycler where name == "next" || name == "reset": return .method(receiver: value, name: name)
        default: return nil
        }
    }

    private func rangeProperty(_ name: String, of value: JinjaValue) -> JinjaValue? {
        guard case .range(let range) = value else { return nil }
        return switch name {
        case "start": .integer(range.first)
        case "stop": .integer(range.stop)
        case "step": .integer(range.step)
        default: nil
        }
    }

    private func numberProperty(_ name: String, of value: JinjaValue) -> JinjaValue? {
        switch name {
        case "real": return value.asInteger.map { .integer($0) } ?? value
        case "imag": return value.asInteger == nil ? .double(0) : .integer(0)
        case "numerator", "denominator":
            return value.asInteger.map { .integer(name == "numerator" ? $0 : 1) }
        case "bit_length", "bit_count": return value.asInteger == nil ? nil : .method(receiver: value, name: name)
        case "is_integer": return value.asInteger == nil ? .method(receiver: value, name: name) : nil
        case "conjugate": return .method(receiver: value, name: name)
        default: return nil
        }
    }

    @inline(never)
    mutating func callMethod(
        _ name: String, ofNumber number: JinjaValue, _ arguments: CallArguments
    ) throws(JinjaError) -> JinjaValue {
        _ = try bind(arguments, to: [], of: name)
        switch name {
        case "conjugate": return number.asInteger.map { .integer($0) } ?? number
        case "bit_length": return .integer(Int.bitWidth - (number.asInteger ?? 0).magnitude.leadingZeroBitCount)
        case "bit_count": return .integer((number.asInteger ?? 0).magnitude.nonzeroBitCount)
        default:
            let value = number.asDouble ?? 0
            return .boolean(value.isFinite && value.rounded() == value)
        }
    }

    private func macroProperty(_ name: String, of macro: Statement.Macro) -> JinjaValue? {
        switch name {
        case "name": macro.isCaller ? JinjaValue.none : .text(macro.name)
        case "arguments": .tuple(macro.parameters.map { .text($0.name) })
        case "catch_varargs": .boolean(macro.readsExtraPositional)
        case "catch_kwargs": .boolean(macro.readsExtraNamed)
        case "caller": .boolean(macro.readsCaller)
        default: nil
        }
    }

    private func loopProperty(_ name: String, of serial: Int) -> JinjaValue? {
        guard let loop = loops.last(where: { $0.serial == serial }) else { return nil }
        let (index, count) = (loop.index, loop.items.count)
        switch name {
        case "index": return .integer(index + 1)
        case "index0": return .integer(index)
        case "revindex": return .integer(count - index)
        case "revindex0": return .integer(count - index - 1)
        case "first": return .boolean(index == 0)
        case "last": return .boolean(index == count - 1)
        case "length": return .integer(count)
        case "depth": return .integer(loop.depth + 1)
        case "depth0": return .integer(loop.depth)
        case "previtem": return index > 0 ? loop.items[index - 1] : .undefined("the item before the first one")
        case "nextitem": return index + 1 < count ? loop.items[index + 1] : .undefined("the item after the last one")
        case "cycle", "changed": return .method(receiver: .loop(serial), name: name)
        default: return nil
        }
    }

    @inline(never)
    mutating func callLoopMethod(
        _ name: String, of serial: Int, _ arguments: CallArguments
    ) throws(JinjaError) -> JinjaValue {
        guard let place = loops.lastIndex(where: { $0.serial == serial }) else {
            throw failure(.undefined("a loop that has ended"))
        }
        let values = arguments.positional
        _ = try bind(CallArguments(named: arguments.named), to: [], of: "loop.\(name)")
        if name == "cycle" {
            guard !values.isEmpty else { throw failure(.wrongArguments(callee: "loop.cycle", detail: "takes items")) }
            return values[loops[place].index % values.count]
        }
        var isChanged = true
        if let last = loops[place].lastChecked {
            isChanged = try !equals(try checked(.list(last)), try checked(.list(values)))
        }
        loops[place].lastChecked = values
        return .boolean(isChanged)
    }

    // MARK: Slices

    @inline(never)
    mutating func slice(
        _ value: JinjaValue, _ start: Expression?, _ stop: Expression?, _ step: Expression?
    ) throws(JinjaError) -> JinjaValue {
        let place = offset
        let bounds = (try bound(start), try bound(stop), try bound(step))
        offset = place
        switch value {
        case .string(let text):
            try spend(reading: text)
            let indices = try indices(of: text.scalarCount, bounds)
            if indices.step == 1 {
                guard indices.count > 0 else { return .text("") }
                let first = text.byteOffset(ofScalar: indices.first)
                let end = text.byteOffset(ofScalar: indices.first + indices.count)
                try spend(bytes: end - first)
                return .string(text.slice(first..<end))
            }
            try spend(steps: text.utf8.count / 4)
            let starts = text.scalarStarts
            var result = JinjaString()
            for index in indices.all {
                let start = starts[index]
                try append(text.slice(start..<start + text.scalar(at: start).width), to: &result)
            }
            return .string(result)
        case .list(let list): return .list(try slice(list.items, bounds))
        case .tuple(let list): return .tuple(try slice(list.items, bounds))
        case .range(let range): return .range(try slice(range, bounds))
        case .undefined(let name): throw failure(.undefined(name))
        default: throw failure(.wrongType(operation: "a slice", found: value.kind))
        }
    }

    @inline(never)
    private mutating func bound(_ expression: Expression?) throws(JinjaError) -> Int? {
        guard let expression else { return nil }
        let value = try evaluate(expression)
        if case .none = value { return nil }
        return try integer(value, for: "a slice")
    }

    private func slice(_ range: JinjaRange, _ bounds: (Int?, Int?, Int?)) throws(JinjaError) -> JinjaRange {
        let indices = try indices(of: range.count, bounds)
        let (step, overflows) = range.step.multipliedReportingOverflow(by: indices.step)
        let first = range.first &+ indices.first &* range.step
        let (distance, isLong) = range.step.multipliedReportingOverflow(by: indices.stop)
        let (stop, isFar) = range.first.addingReportingOverflow(distance)
        guard !overflows, !isLong, !isFar else { throw failure(.outOfRange("an integer leaves the 64-bit range")) }
        return JinjaRange(first: first, stop: stop, step: step, count: indices.count)
    }

    @inline(never)
    private mutating func slice(
        _ items: [JinjaValue], _ bounds: (Int?, Int?, Int?)
    ) throws(JinjaError) -> [JinjaValue] {
        let indices = try indices(of: items.count, bounds)
        try spend(items: indices.count)
        return indices.all.map { items[$0] }
    }

    private struct Indices {
        var first: Int
        var stop: Int
        var step: Int
        var count: Int

        var all: some Sequence<Int> { (0..<count).lazy.map { [first, step] in first &+ $0 &* step } }
    }

    /// Python's `slice.indices`: each index lies in `0..<count`.
    @inline(never)
    private func indices(of count: Int, _ bounds: (Int?, Int?, Int?)) throws(JinjaError) -> Indices {
        let step = bounds.2 ?? 1
        guard step != 0 else { throw failure(.outOfRange("a slice: the step is zero")) }
        func clamp(_ bound: Int) -> Int {
            let place = bound < 0 ? bound + count : bound
            return step > 0 ? min(max(place, 0), count) : min(max(place, -1), count - 1)
        }
        let first = bounds.0.map(clamp) ?? (step > 0 ? 0 : count - 1)
        let stop = bounds.1.map(clamp) ?? (step > 0 ? count : -1)
        let distance = step > 0 ? stop - first : first - stop
        let size = distance <= 0 ? 0 : Int((UInt(distance - 1) / step.magnitude)) + 1
        return Indices(first: first, stop: stop, step: step, count: size)
    }
}
