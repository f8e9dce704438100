import AArch64
import Acceleration
import Execution
package import GDBStub

// The catching of exceptions that the guest takes itself.
extension AArch64Target {
    static var catchRows: [MonitorRow<AArch64Target>] {
        [
            MonitorRow(
                "catch", "[CLASS [el0|el1] | none]", count: 0...2,
                help: "stop at exceptions of the guest's own before they are taken: "
                    + ExceptionCatches.Class.allCases.map(\.rawValue).joined(separator: ", "),
                { target, words, _ throws(TargetError) in try target.catchExceptions(words) })
        ]
    }

    private func catchExceptions(_ words: [String]) throws(TargetError) -> String {
        guard let word = words.first else { return "catching: \(debug.exceptionCatches.text)\n" }
        var changed = debug
        if word == "none" {
            guard words.count == 1 else { throw .invalid("catch none takes nothing more") }
            changed.catches = []
        } else {
            let exception = try catchable(word)
            for level in try levels(words.dropFirst().first) { changed.exceptionCatches.insert(exception, from: level) }
        }
        try set(changed)
        return "catching: \(debug.exceptionCatches.text)\n"
    }

    private func catchable(_ word: String) throws(TargetError) -> ExceptionCatches.Class {
        let possible = accelerator.catchableExceptions
        guard let exception = ExceptionCatches.Class(named: word) else {
            throw .invalid(
                "catch \(word): use " + (possible.map(\.rawValue) + ["none"]).joined(separator: ", "))
        }
        guard possible.contains(exception) else {
            throw .invalid(
                "catch \(word): the accelerator \(accelerator.name) can stop only at "
                    + possible.map(\.rawValue).joined(separator: ", "))
        }
        return exception
    }

    private func levels(_ word: String?) throws(TargetError) -> [ExceptionLevel] {
        switch word {
        case nil: return [.el0, .el1]
        case "el0": return [.el0]
        case "el1": return [.el1]
        case let word?: throw .invalid("catch … \(word): the level it is taken from is el0 or el1")
        }
    }

    /// The target itself.
    package var stopDescriptions: (any StopDescriptions)? { self }

    /// Describes the caught exception that the vCPU is about to take; nil if it stopped for another reason.
    package func stopDescription(vcpu: Int) -> String? {
        guard let caught = accelerator.caughtException(vcpu: vcpu) else { return nil }
        return "CPU \(vcpu) is about to take: \(caught.text)"
    }
}
