package import Execution

extension TargetError.Cause {
    /// The byte of the `Exx` reply.
    ///
    /// GDB gives it no meaning ("Standard Replies" in its manual). Most are the Linux errno values that gdbserver
    /// would send.
    package var errorCode: UInt8 {
        switch self {
        case .notAttached: 0x01  // EPERM
        case .noSuchThread: 0x03  // ESRCH
        case .interrupted: 0x04  // EINTR
        case .tooLarge: 0x07  // E2BIG
        // Answered by an empty reply; this is what a request that is answered in pieces reports.
        case .unsupported: 0x5f  // EOPNOTSUPP
        case .memoryFault: 0x0e  // EFAULT
        case .running: 0x10  // EBUSY
        case .invalidRequest: 0x16  // EINVAL
        case .noSpace: 0x1c  // ENOSPC
        // LLDB stops counting registers at any error; its own stubs send this one.
        case .noSuchRegister: 0x45
        // "The request was malformed, or the annex was invalid" (GDB manual, "qXfer:object:read").
        case .noSuchDocument: 0x00
        }
    }
}
