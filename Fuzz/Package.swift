// swift-tools-version: 6.2
import PackageDescription

// Fuzzed modules are linked into this package's Sources, as in Benchmarks, and compiled with coverage and the address sanitizer.
let package = Package(
    name: "fuzz",
    platforms: [.macOS(.v15)],
    targets: [
        .target(name: "Tensors"),
        .target(name: "ModelFiles", dependencies: ["Tensors"]),
        .target(name: "CLibFuzzer", path: "CLibFuzzer"),
        .executableTarget(
            name: "ReaderFuzzer", dependencies: ["CLibFuzzer", "ModelFiles", "Tensors"], path: "ReaderFuzzer",
            swiftSettings: [.unsafeFlags(["-parse-as-library"])],
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where target.name != "CLibFuzzer" {
    target.swiftSettings =
        (target.swiftSettings ?? []) + [
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("MemberImportVisibility"),
            .enableUpcomingFeature("InternalImportsByDefault"),
            .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
            .treatAllWarnings(as: .error),
            .unsafeFlags(["-sanitize=fuzzer,address"]),
        ]
}
