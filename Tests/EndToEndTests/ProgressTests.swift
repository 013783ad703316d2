import RealizarCLI
import Testing

@Suite("Progress")
struct ProgressTests {
    private let start = ContinuousClock.now

    @Test func `a line has share, amounts, speed and time left`() {
        var progress = Progress(label: "quantizing", unit: .bytes, start: start)
        progress.advance(to: 256 << 20, of: 1 << 30, at: start + .seconds(2))
        #expect(
            progress.line(at: start + .seconds(2))
                == "quantizing  25 %  256.00 MiB of 1.00 GiB  128.00 MiB/s  6 s left")
        #expect(progress.summary(at: start + .seconds(2)) == "quantizing: 256.00 MiB in 2 s (128.00 MiB/s)")
    }

    @Test func `the speed is that of the last seconds`() {
        var progress = Progress(label: "x", unit: .items("tokens"), start: start)
        for second in 1...60 { progress.advance(to: second, of: 1000, at: start + .seconds(second)) }
        for second in 61...90 { progress.advance(to: 60 + (second - 60) * 10, of: 1000, at: start + .seconds(second)) }
        #expect(
            progress.line(at: start + .seconds(90))
                == "x  36 %  360 tokens of 1000 tokens  10 tokens/s  1 min 04 s left")
    }

    @Test func `it never goes backwards, and a total that grows is no trap`() {
        var progress = Progress(label: "x", unit: .items("parts"), start: start)
        progress.advance(to: 5, of: 10, at: start + .seconds(1))
        progress.advance(to: 3, of: 8, at: start + .seconds(2))
        #expect(progress.line(at: start + .seconds(2)).hasPrefix("x  50 %  5 parts of 10 parts"))
        progress.advance(to: 12, of: 10, at: start + .seconds(3))
        #expect(progress.line(at: start + .seconds(3)).hasPrefix("x  100 %  12 parts of 12 parts"))
    }

    @Test func `nothing done yet is no division by zero`() {
        let progress = Progress(label: "x", unit: .bytes, start: start)
        #expect(progress.line(at: start) == "x  0 %  0 B of 0 B  0 B/s")
    }

    @Test(arguments: [
        (0.44, "0.4 s"), (7.4, "7 s"), (59.4, "59 s"), (125, "2 min 05 s"), (3780, "1 h 03 min"),
        (.infinity, "unknown"),
    ])
    func `times are said as people say them`(seconds: Double, text: String) { #expect(Progress.time(seconds) == text) }
}
