import Foundation
import NIOCore
import NIOPosix

/// Follows the server's process through a run: whether memory, threads and descriptors come back to what they were.
actor LoadWatch {
    private let probe: ProcessProbe
    private let start: ProcessProbe.Reading
    /// Readings at each hundredth of the run.
    private var readings: [ProcessProbe.Reading] = []

    init(_ probe: ProcessProbe) {
        self.probe = probe
        start = probe.read() ?? .init()
    }

    func note(_ count: Int, of total: Int) {
        guard readings.count < 100 * count / max(total, 1), let reading = probe.read() else { return }
        readings.append(reading)
    }

    func summary() async -> String {
        // Connections that were just closed are still being taken down.
        try? await Task.sleep(for: .seconds(1))
        let end = probe.read() ?? .init()
        func megabytes(_ reading: ProcessProbe.Reading?) -> String {
            String(format: "%.1f", Double(reading?.anonymousByteCount ?? 0) / 1e6)
        }
        let middle = readings.indices.contains(readings.count / 2) ? readings[readings.count / 2] : nil
        let most = readings.max { $0.anonymousByteCount < $1.anonymousByteCount }
        return "own memory, MB: start \(megabytes(start)), half way \(megabytes(middle)), end \(megabytes(end)), most "
            + "\(megabytes(most)); threads \(start.threadCount) → \(end.threadCount); descriptors "
            + "\(start.descriptorCount) → \(end.descriptorCount)"
    }
}

/// Connections on which nothing is ever sent, or only half a request.
struct IdleConnections: Sendable {
    private let channels: [any Channel]

    init(host: String, port: Int, count: Int) async throws {
        var channels: [any Channel] = []
        for index in 0..<count {
            let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connect(host: host, port: port).get()
            if index % 2 == 1 {
                try await channel.writeAndFlush(ByteBuffer(string: "POST /v1/completions HTTP/1.1\r\nHost: loc"))
            }
            channels.append(channel)
        }
        self.channels = channels
    }

    /// The server may have closed some of them by itself.
    func close() async throws {
        for channel in channels where channel.isActive { try? await channel.close() }
    }
}
