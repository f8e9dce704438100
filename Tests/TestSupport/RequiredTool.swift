import Foundation
package import Testing

/// A program or file of the host that some tests need, and the package that has it.
///
/// Its absence skips these tests on a developer's machine. It fails them where `TRAPLINE_REQUIRE_TOOLS` is set, as CI
/// does, because a test that is skipped there without notice shows nothing.
package struct RequiredTool: Sendable {
    package var name: String
    /// The Debian package to install, or another sentence that says where to get the tool.
    package var source: String
    package var isInstalled: Bool

    package init(_ name: String, from source: String, isInstalled: Bool) {
        self.name = name
        self.source = source
        self.isInstalled = isInstalled
    }

    /// A program on PATH, from a Debian package.
    package static func program(_ name: String, package: String) -> RequiredTool {
        let isInstalled = (try? Toolchain.onPath(name)) != nil
        return RequiredTool(name, from: "apt-get install \(package)", isInstalled: isInstalled)
    }

    package var absence: String { "\(name) is not installed: \(source)" }

    /// Whether the tests run; throws if they would be skipped, but must not be.
    package func isUsable(isRequired: Bool = Self.areRequired) throws -> Bool {
        if !isInstalled, isRequired { throw ProcessError(absence) }
        return isInstalled
    }

    package static let areRequired = ProcessInfo.processInfo.environment["TRAPLINE_REQUIRE_TOOLS"] == "1"
}

extension Trait where Self == ConditionTrait {
    /// A test that needs a tool of the host: without it skipped, or failed in CI.
    package static func needs(_ tool: RequiredTool) -> Self {
        // A condition that throws is recorded as an issue of the test.
        .enabled(if: try tool.isUsable(), "\(tool.absence)")
    }
}
