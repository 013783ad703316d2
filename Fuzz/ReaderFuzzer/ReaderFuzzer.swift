import CLibFuzzer
import Foundation

/// `ReaderFuzzer TARGET [options, folders and files of libFuzzer]`
@main
enum ReaderFuzzer {
    /// libFuzzer hands nothing of ours to the function that it calls. Written once, before it starts.
    nonisolated(unsafe) private static var target = FuzzTarget.all[0]

    static func main() {
        let name = CommandLine.arguments.dropFirst().first ?? ""
        guard let target = FuzzTarget.all.first(where: { $0.name == name }) else {
            let names = FuzzTarget.all.map(\.name).joined(separator: ", ")
            FileHandle.standardError.write(Data("expected the name of a target, one of \(names)\n".utf8))
            exit(2)
        }
        Self.target = target
        let arguments = CommandLine.arguments.prefix(1) + CommandLine.arguments.dropFirst(2)
        var count = CInt(arguments.count)
        // They live as long as the program.
        let pointers = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: arguments.count + 1)
        for (index, argument) in arguments.enumerated() { (pointers + index).initialize(to: strdup(argument)) }
        (pointers + arguments.count).initialize(to: nil)
        var list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = pointers
        exit(
            LLVMFuzzerRunDriver(&count, &list) { bytes, byteCount in
                ReaderFuzzer.target.read([UInt8](UnsafeBufferPointer(start: bytes, count: byteCount)))
                return 0
            })
    }
}
