// swift-tools-version: 6.2
import PackageDescription

// Targets stand in the order of the data flow: file → tensors → logits → token → text → HTTP (Sources/README.md).
let package = Package(
    name: "realizar",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "realizar", targets: ["RealizarCLI"]),
        .library(name: "Realizar", targets: ["Realizar"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // Words of all the rest, and what only C can say.
        .target(name: "CKernels", cSettings: [.define("NDEBUG", .when(configuration: .release))]),
        .target(name: "Tensors"),
        // File → metadata and tensor bytes.
        .target(name: "ModelFiles", dependencies: ["Tensors", "Tokenization"]),
        .target(
            name: "ModelStores",
            dependencies: [
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]),
        .target(name: "Quantization", dependencies: ["Tensors"]),
        // Model file → model file, in another format or other types.
        .target(name: "ModelConversion", dependencies: ["Tensors", "ModelFiles", "Quantization", "Compute"]),
        // Tensors → logits.
        .target(name: "Compute", dependencies: ["Tensors", "Quantization", "CKernels"]),
        .target(name: "TransformerModels", dependencies: ["Tensors", "ModelFiles", "Compute"]),
        // Logits → token id → text, and messages → prompt.
        .target(name: "Sampling"),
        .target(name: "Tokenization"),
        .target(name: "JinjaTemplates"),
        .target(name: "ChatTemplates", dependencies: ["JinjaTemplates"]),
        // Requests → plan of the next step → events.
        .target(name: "Scheduling"),
        .target(name: "CDemoModel", exclude: ["demo.gguf"], cSettings: [.headerSearchPath(".")]),
        .target(
            name: "Engine",
            dependencies: [
                "CDemoModel", "Tensors", "ModelFiles", "Quantization", "Compute", "TransformerModels", "Sampling",
                "Tokenization", "ChatTemplates", "Scheduling",
            ]),
        .target(name: "Realizar", dependencies: ["Engine", "Sampling", "ChatTemplates"]),
        // Events → HTTP and terminal.
        .target(name: "APIProtocols"),
        .target(
            name: "Server",
            dependencies: [
                "Engine", "Sampling", "ChatTemplates", "APIProtocols",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ], exclude: ["README.md"]),
        .executableTarget(
            name: "RealizarCLI",
            dependencies: [
                "Engine", "Server", "ModelFiles", "ModelStores", "ModelConversion", "Tensors", "Tokenization",
                "Sampling",
                "ChatTemplates",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]),

        // Tests: what they share, one suite per module, and the real binary from outside.
        .target(name: "TestSupport", path: "Tests/TestSupport"),
        .testTarget(name: "TensorsTests", dependencies: ["Tensors", "TestSupport"]),
        .testTarget(name: "ModelFilesTests", dependencies: ["ModelFiles", "Tensors", "TestSupport"]),
        .testTarget(
            name: "ModelStoresTests",
            dependencies: [
                "ModelStores", "TestSupport",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        .testTarget(name: "QuantizationTests", dependencies: ["Quantization", "Tensors", "TestSupport"]),
        .testTarget(
            name: "ModelConversionTests",
            dependencies: ["ModelConversion", "ModelFiles", "Quantization", "Tensors", "TestSupport"]),
        .testTarget(name: "ComputeTests", dependencies: ["Compute", "Quantization", "Tensors", "TestSupport"]),
        .testTarget(
            name: "TransformerModelsTests",
            dependencies: ["TransformerModels", "Quantization", "Compute", "ModelFiles", "Tensors", "TestSupport"]),
        .testTarget(name: "SamplingTests", dependencies: ["Sampling", "TestSupport"]),
        .testTarget(name: "TokenizationTests", dependencies: ["Tokenization", "ModelFiles", "TestSupport"]),
        .testTarget(name: "JinjaTemplatesTests", dependencies: ["JinjaTemplates", "TestSupport"]),
        .testTarget(name: "ChatTemplatesTests", dependencies: ["ChatTemplates", "TestSupport"]),
        .testTarget(name: "SchedulingTests", dependencies: ["Scheduling", "TestSupport"]),
        .testTarget(
            name: "EngineTests",
            dependencies: [
                "Engine", "Realizar", "Compute", "Sampling", "Tokenization", "ChatTemplates", "ModelFiles",
                "Quantization",
                "Tensors", "TestSupport",
            ]),
        .testTarget(name: "APIProtocolsTests", dependencies: ["APIProtocols", "TestSupport"]),
        .testTarget(
            name: "ServerTests",
            dependencies: [
                "Server", "Engine", "Sampling", "ChatTemplates", "APIProtocols", "TestSupport",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        .testTarget(name: "EndToEndTests", dependencies: ["RealizarCLI", "TestSupport"]),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where !["CKernels", "CDemoModel"].contains(target.name) {
    var settings = target.swiftSettings ?? []
    settings += [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .treatAllWarnings(as: .error),
    ]
    if ["Tensors", "ModelFiles"].contains(target.name) { settings.append(.strictMemorySafety()) }
    target.swiftSettings = settings
}
