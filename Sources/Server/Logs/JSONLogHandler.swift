import APIProtocols
import Foundation
package import Logging

/// Writes each entry as one line: `{"level", "logger", "message", "metadata", "time"}`.
///
/// Metadata keep their structure. Whatever a client sends in them, a line stays a line: JSON escapes line breaks and control
/// characters.
package struct JSONLogHandler: LogHandler {
    package var logLevel = Logger.Level.info
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let write: @Sendable (_ line: [UInt8]) -> Void

    /// - Parameter write: Called with a line and its end; from several threads at once.
    package init(label: String, write: @escaping @Sendable (_ line: [UInt8]) -> Void) {
        self.label = label
        self.write = write
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        // What is said of this very entry goes before what is said of all.
        var all = metadata
        for more in [metadataProvider?.get(), event.metadata] { all.merge(more ?? [:]) { $1 } }
        if let error = event.error { all["error"] = "\(error)" }
        let entry = Entry(
            time: Date.now.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)),
            level: event.level.rawValue, logger: label, message: event.message.description,
            metadata: all.mapValues(Field.init))
        guard let line = try? JSONBody.encode(entry) else { return }
        write(line + [UInt8(ascii: "\n")])
    }

    private struct Entry: Encodable {
        let time: String
        let level: String
        let logger: String
        let message: String
        let metadata: [String: Field]
    }

    private struct Field: Encodable {
        let value: Logger.MetadataValue

        func encode(to encoder: any Encoder) throws {
            switch value {
            case .array(let values):
                var container = encoder.unkeyedContainer()
                for value in values { try container.encode(Field(value: value)) }
            case .dictionary(let values):
                var container = encoder.singleValueContainer()
                try container.encode(values.mapValues(Field.init))
            default:
                var container = encoder.singleValueContainer()
                try container.encode("\(value)")
            }
        }
    }
}
