internal import CKernels

/// The instruction sets that kernels exist for, best first.
package enum InstructionSet: String, Sendable, CaseIterable {
    case avx512, avx2, neon, scalar

    /// Those that this machine can run, best first; never empty.
    package static var available: [InstructionSet] { allCases.filter(\.isAvailable) }

    /// The best one, or the one that `name` asks for.
    ///
    /// - Parameter name: What the user forces, by option or by `REALIZAR_ISA`; nil takes the best.
    /// - Throws: `ComputeError.unknownInstructionSet`, or `.unavailableInstructionSet` where this CPU lacks it.
    package static func choose(_ name: String?) throws(ComputeError) -> InstructionSet {
        guard let name else { return available.first ?? .scalar }
        guard let choice = InstructionSet(rawValue: name.lowercased()) else { throw .unknownInstructionSet(name) }
        guard choice.isAvailable else { throw .unavailableInstructionSet(name) }
        return choice
    }

    private var isAvailable: Bool {
        switch self {
        case .avx512: ck_cpu_has_avx512()
        case .avx2: ck_cpu_has_avx2()
        case .neon: ck_cpu_has_neon()
        case .scalar: true
        }
    }

    /// The kernels of this instruction set.
    var kernels: ck_kernels {
        #if arch(x86_64)
        switch self {
        case .avx512: return ck_kernels_avx512
        case .avx2: return ck_kernels_avx2
        case .neon, .scalar: return ck_kernels_scalar
        }
        #elseif arch(arm64)
        return self == .neon ? ck_kernels_neon : ck_kernels_scalar
        #else
        return ck_kernels_scalar
        #endif
    }
}
