internal import Compute

#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// What this machine has and what of it the process may use.
package enum Machine {
    /// Of the processor, as the system calls it; nil where it does not say.
    package static var processorName: String? {
        guard let file = fopen("/proc/cpuinfo", "r") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 512)
        while fgets(&line, Int32(line.count), file) != nil {
            let text = String(
                decoding: line.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if text.hasPrefix("model name"), let colon = text.firstIndex(of: ":") {
                return String(text[colon...].dropFirst().drop { $0 == " " })
            }
        }
        return nil
    }

    /// All that kernels exist for and that this processor has, best first.
    package static var instructionSetNames: [String] { InstructionSet.available.map(\.rawValue) }

    /// Names that can be asked for, whatever this processor has.
    package static var knownInstructionSetNames: [String] { InstructionSet.allCases.map(\.rawValue) }

    /// CPUs of the machine that are switched on.
    package static var onlineCPUCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
    /// CPUs that the process is kept to.
    package static var allowedCPUCount: Int { AllowedCPUs.count }
    /// Whole CPUs whose time a control group grants; nil without such a limit.
    package static var grantedCPUCount: Int? { ControlGroup.cpuCount }
    /// Threads that a model computes with where nobody asks for another number.
    package static var threadCount: Int { AllowedCPUs.usableCount }

    /// 8 GiB where the system does not say.
    package static var memoryByteCount: Int {
        let pages = sysconf(Int32(_SC_PHYS_PAGES)), size = sysconf(Int32(_SC_PAGESIZE))
        return pages > 0 && size > 0 ? pages * size : 8 << 30
    }

    /// nil without such a limit.
    package static var grantedMemoryByteCount: Int? { ControlGroup.memoryByteCount }

    /// The machine's, or what a control group grants of it.
    package static var usableMemoryByteCount: Int {
        min(memoryByteCount, grantedMemoryByteCount ?? memoryByteCount)
    }
}
