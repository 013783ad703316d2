// swift-tools-version: 6.2
import PackageDescription

// Measured modules are linked into this package's Sources: only inside one package is what they declare `package` visible, and
// the server's dependencies stay out of the build.
let package = Package(
    name: "benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [.package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: [])],
    targets: [
        .target(name: "CKernels", cSettings: [.define("NDEBUG", .when(configuration: .release))]),
        .target(name: "Tensors"),
        .target(name: "Quantization", dependencies: ["Tensors"]),
        .target(name: "Compute", dependencies: ["Tensors", "Quantization", "CKernels"]),
        .target(name: "TestSupport"),
        .executableTarget(
            name: "ComputeBenchmarks",
            dependencies: [
                "Compute", "Tensors", "TestSupport", .product(name: "Benchmark", package: "benchmark"),
            ],
            path: "ComputeBenchmarks",
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where target.name != "CKernels" {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .treatAllWarnings(as: .error),
    ]
}
