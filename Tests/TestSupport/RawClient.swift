import Foundation

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A TCP connection to this machine, byte for byte.
///
/// Reading polls, since a blocked thread here is one less for the server in the same process.
package final class RawClient {
    private let socket: Int32

    package init(port: Int) throws {
        #if canImport(Glibc)
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
        socket = Darwin.socket(AF_INET, SOCK_STREAM, 0)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    }

    package func send(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { Foundation.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }

    package func post(_ path: String, _ body: String) {
        send("POST \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    package func get(_ path: String) { send("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n") }

    /// What arrives until it contains `end`, the peer closes, or `seconds` have passed.
    package func receive(until end: String, seconds: Double = 5) async throws -> String {
        var received: [UInt8] = []
        let deadline = ContinuousClock.now + .seconds(seconds)
        var buffer = [UInt8](repeating: 0, count: 65536)
        while ContinuousClock.now < deadline {
            let count = recv(socket, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count == 0 { break }
            if count > 0 {
                received += buffer.prefix(count)
                if String(decoding: received, as: UTF8.self).contains(end) { break }
            } else {
                try await Task.sleep(for: .milliseconds(1))
            }
        }
        return String(decoding: received, as: UTF8.self)
    }

    /// Sends FIN, as a client that ends in good order.
    package func close() { _ = Foundation.close(socket) }

    /// Sends RST, as a client that is killed.
    package func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close()
    }
}
