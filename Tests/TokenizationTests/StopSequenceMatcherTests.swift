import TestSupport
import Testing
import Tokenization

@Suite("Stop sequences")
struct StopSequenceMatcherTests {
    private func run(_ stops: [String], _ chunks: [String]) -> (emitted: [String], matched: String?) {
        var matcher = StopSequenceMatcher(stops)
        var emitted = chunks.map { matcher.append($0).emit }
        emitted.append(matcher.finish())
        return (emitted, matcher.matched)
    }

    @Test func `a stop string across chunks is found and not shown`() {
        let (emitted, matched) = run(["</s>", "User:"], ["Hello Us", "er", ":", " more"])
        #expect(emitted == ["Hello ", "", "", "", ""])
        #expect(matched == "User:")
    }

    @Test func `what turns out to be no stop string is shown after all`() {
        let (emitted, matched) = run(["User:"], ["an Us", "e", " of it, Use"])
        #expect(emitted == ["an ", "", "Use of it, ", "Use"])
        #expect(matched == nil)
    }

    @Test func `only the part that can still become a stop string is held back`() {
        // After "aab" + "a" the text may go on as "aabaac" from its fourth letter, not from its first.
        let (emitted, _) = run(["aabaac"], ["aab", "aa", "b"])
        #expect(emitted == ["", "", "aab", "aab"])
    }

    @Test func `the stop string that is complete first wins, and of two the longer`() {
        #expect(run(["abc", "b"], ["xabc"]).matched == "b")
        #expect(run(["abc", "b"], ["xabc"]).emitted == ["xa", ""])
        #expect(run(["lo", "hello"], ["hello"]).matched == "hello")
        #expect(run(["lo", "hello"], ["hello"]).emitted == ["", ""])
    }

    @Test func `no stop strings and empty ones let everything through`() {
        #expect(run([], ["a", "b"]).emitted == ["a", "b", ""])
        #expect(run(["", ""], ["a", "b"]).emitted == ["a", "b", ""])
    }

    @Test func `chunks are whole characters`() {
        // Both emoji begin with the same three bytes.
        let (emitted, matched) = run(["🚀🚁"], ["🚀", "🚂", "🚀", "🚁"])
        #expect(emitted == ["", "🚀🚂", "", "", ""])
        #expect(matched == "🚀🚁")
    }

    @Test func `the result does not depend on the chunks`() {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<2000 {
            let random = { (count: Int) in
                String((0..<count).map { _ in Array("abé").randomElement(using: &generator) ?? "a" })
            }
            let stops = (0..<3).map { _ in random(Int.random(in: 1...4, using: &generator)) }
            let text = random(20)
            let whole = run(stops, [text])
            let single = run(stops, text.map { String($0) })
            #expect(whole.emitted.joined() == single.emitted.joined(), "\(stops) in \(text)")
            #expect(whole.matched == single.matched)
            // The definition: the first end of any stop string, the longest that ends there.
            let bytes = Array(text.utf8)
            let end = (1...bytes.count).first { end in stops.contains { bytes[..<end].ends(with: Array($0.utf8)) } }
            let expected = end.flatMap { end in
                stops.filter { bytes[..<end].ends(with: Array($0.utf8)) }.max { $0.utf8.count < $1.utf8.count }
            }
            #expect(whole.matched == expected)
            let shown = end.map { $0 - (expected?.utf8.count ?? 0) } ?? bytes.count
            #expect(Array(whole.emitted.joined().utf8) == Array(bytes[..<shown]))
        }
    }
}

extension ArraySlice<UInt8> {
    fileprivate func ends(with other: [UInt8]) -> Bool { suffix(other.count).elementsEqual(other) }
}
