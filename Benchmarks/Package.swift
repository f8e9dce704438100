// swift-tools-version: 6.2
import PackageDescription

// The benchmarks: a package of their own, so that measuring builds nothing else. What they share with the main package
// are symbolic links to its folders.
let package = Package(
    name: "benchmarks",
    targets: [
        .target(name: "NumberText"),
        .target(name: "GuestAddresses"),
        .target(name: "TargetDescription"),
        .target(name: "AArch64", dependencies: ["NumberText", "GuestAddresses", "TargetDescription"]),
        .target(name: "AArch64CPU", dependencies: ["GuestAddresses", "AArch64"]),
        .executableTarget(name: "bench", dependencies: ["AArch64CPU"]),
        .executableTarget(name: "boot"),
        .target(name: "TestSupport"),
        .executableTarget(name: "debugger", dependencies: ["TestSupport"]),
        .executableTarget(name: "listening"),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),  // SE-0335
        .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
        .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
    ]
}
