import JinjaTemplates
import Testing

@Suite("Integers at the ends of their range")
struct IntegerExtremeTests {
    static let extremes = ["(-9223372036854775807 - 1)", "-1", "0", "1", "9223372036854775807"]

    @Test(arguments: extremes, extremes)
    func `range and slices give values or errors, and never trap`(_ a: String, _ b: String) {
        for c in Self.extremes {
            for source in [
                "{{ range(\(a), \(b), \(c))|list }}", "{{ 'abc'[\(a):\(b):\(c)] }}", "{{ [1, 2][\(a):\(b):\(c)] }}",
            ] {
                _ = try? JinjaTemplate(source).renderText([:], now: CivilTime(secondsSince1970: 0))
            }
        }
    }

    @Test func `a range whose products leave the integers is exact`() throws {
        let source = "{{ range(-9223372036854775807 - 1, 9223372036854775807, 9223372036854775807)|list }}"
        #expect(
            try JinjaTemplate(source).renderText([:], now: CivilTime(secondsSince1970: 0))
                == "[-9223372036854775808, -1, 9223372036854775806]")
    }

    @Test func `a slice with the lowest step takes one element`() throws {
        #expect(
            try JinjaTemplate("{{ 'abc'[::-9223372036854775807 - 1] }}").renderText(
                [:], now: CivilTime(secondsSince1970: 0)) == "c")
    }
}
