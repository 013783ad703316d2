// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "generate",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "realizar", path: "../..")],
    targets: [
        .executableTarget(name: "generate", dependencies: [.product(name: "Realizar", package: "realizar")])
    ],
    swiftLanguageModes: [.v6]
)
