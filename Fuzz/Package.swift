// swift-tools-version: 6.2
import PackageDescription

// Fuzzed modules are linked into this package's Sources, as in Benchmarks, and compiled with coverage and the address sanitizer.
let package = Package(
    name: "fuzz",
    platforms: [.macOS(.v15)],
    targets: [
        .target(
            name: "CKernels", cSettings: [.unsafeFlags(["-O1", "-fsanitize=fuzzer-no-link,address"])]),
        .target(name: "Tensors"),
        .target(name: "Tokenization"),
        .target(name: "ModelFiles", dependencies: ["Tensors", "Tokenization"]),
        .target(name: "Quantization", dependencies: ["Tensors"]),
        .target(name: "Compute", dependencies: ["Tensors", "Quantization", "CKernels"]),
        .target(name: "TransformerModels", dependencies: ["Tensors", "ModelFiles", "Compute"]),
        .target(name: "JinjaTemplates"),
        .target(name: "TestSupport"),
        .target(name: "CLibFuzzer", path: "CLibFuzzer"),
        .executableTarget(
            name: "ReaderFuzzer",
            dependencies: [
                "CLibFuzzer", "ModelFiles", "Tensors", "Compute", "TransformerModels", "JinjaTemplates", "TestSupport",
            ],
            path: "ReaderFuzzer",
            swiftSettings: [.unsafeFlags(["-parse-as-library"])],
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where !["CLibFuzzer", "CKernels"].contains(target.name) {
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
