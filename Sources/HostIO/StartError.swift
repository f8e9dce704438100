/// Why a virtual machine could not be made.
package struct StartError: Error, Equatable, Sendable {
    /// The part of the machine that is not available.
    package enum Subject: Equatable, Sendable {
        case machine(String)
        case accelerator(String)
        case processor(String)
        case network(NetworkEndpoint)
        case disk(path: String)
        case semihosting
        /// A clock that skips the time in which the guest is idle.
        case virtualClock
        /// The reason says what.
        case other
    }

    /// An action by which the user can start a machine.
    package enum Advice: Equatable, Sendable {
        case softwareCPU
        /// KVM, on a host with the guest's architecture.
        case kvm(host: String)
        case lessMemory
        /// Start passt, serving this socket.
        case passt(socket: String)
        /// Start without the subject, which this machine does not support.
        case leaveOut(machine: String)
    }

    package var subject: Subject
    /// A clause for people, without the subject's name and without a period.
    package var reason: String
    package var advice: Advice?

    package init(_ subject: Subject, _ reason: String, advice: Advice? = nil) {
        self.subject = subject
        self.reason = reason
        self.advice = advice
    }
}
