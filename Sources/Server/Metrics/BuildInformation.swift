/// What this program is, for `--version` and `realizar_build_info`.
package enum BuildInformation {
    package static let version = "0.1.0"

    static let labels = [
        ("version", version), ("os", operatingSystem), ("architecture", architecture), ("build", configuration),
    ]

    private static var operatingSystem: String {
        #if os(Linux)
        "linux"
        #elseif os(macOS)
        "macos"
        #else
        "other"
        #endif
    }

    private static var architecture: String {
        #if arch(x86_64)
        "x86_64"
        #elseif arch(arm64)
        "arm64"
        #else
        "other"
        #endif
    }

    private static var configuration: String {
        #if DEBUG
        "debug"
        #else
        "release"
        #endif
    }
}
