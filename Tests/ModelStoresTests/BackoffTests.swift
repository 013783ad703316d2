import ModelStores
import Testing

@Suite("Pauses between attempts")
struct BackoffTests {
    static func pauses(_ backoff: inout Backoff, _ count: Int, asked: Duration? = nil, chance: Double = 0.5)
        -> [Duration?]
    {
        (0..<count).map { _ in backoff.pause(asked: asked, chance: chance) }
    }

    @Test func `they double up to a bound, and end`() {
        var policy = Backoff.Policy()
        policy.attemptCount = 8
        var backoff = Backoff(policy: policy)
        let seconds: [Double?] = [0.5, 1, 2, 4, 8, 8, 8, nil, nil]
        let pauses = Self.pauses(&backoff, 9)
        #expect(pauses == seconds.map { $0.map { Duration.seconds($0) } })
        #expect(backoff.attempt == 8)
    }

    @Test(arguments: [(0.0, 0.375), (1.0, 0.625), (-3.0, 0.375), (9.0, 0.625)])
    func `chance moves them by a quarter at most`(chance: Double, seconds: Double) {
        var backoff = Backoff()
        #expect(backoff.pause(asked: nil, chance: chance) == .seconds(seconds))
    }

    @Test func `progress begins them anew`() {
        var backoff = Backoff()
        _ = Self.pauses(&backoff, 3)
        backoff.noteProgress()
        let seconds: [Double?] = [0.5, 1, 2, 4, 8, nil]
        let pauses = Self.pauses(&backoff, 6)
        #expect(pauses == seconds.map { $0.map { Duration.seconds($0) } })
    }

    @Test func `what a hub asks for is the least, within reason`() {
        var backoff = Backoff()
        #expect(backoff.pause(asked: .seconds(3), chance: 0) == .seconds(3))
        #expect(backoff.pause(asked: .milliseconds(1), chance: 0.5) == .seconds(1))
        #expect(backoff.pause(asked: .seconds(120), chance: 0.5) == .seconds(120))
        #expect(backoff.pause(asked: .seconds(121), chance: 0.5) == nil)
    }

    @Test(
        arguments: [
            ("0", 0), ("120", 120), ("99999999999999999999", 366 * 86400), ("Sun, 06 Nov 1994 08:49:37 GMT", 60),
            ("Sun, 06 Nov 1994 08:48:37 GMT", 0), ("", nil), ("-1", nil), ("1.5", nil), ("soon", nil),
            ("Sun, 06 Nov 1994 08:49:37 GMT and more", nil),
        ] as [(String, Int?)])
    func `Retry-After is seconds or a date`(value: String, seconds: Int?) {
        // 784111777 is the date of RFC 9110's example.
        #expect(RetryAfter.duration(value, now: 784_111_777 - 60) == seconds.map { Duration.seconds($0) })
    }
}
