package import Execution

extension TargetError.Cause {
    /// The byte of the `Exx` reply.
    ///
    /// GDB gives it no meaning (GDB manual, "Standard Replies"). Most values are the Linux errno values that gdbserver
    /// would send.
    package var errorCode: UInt8 {
        switch self {
        case .notAttached: 0x01  // EPERM
        case .noSuchThread: 0x03  // ESRCH
        case .interrupted: 0x04  // EINTR
        case .tooLarge: 0x07  // E2BIG
        // The usual reply is empty; a request that is answered in pieces reports this code.
        case .unsupported: 0x5f  // EOPNOTSUPP
        case .memoryFault: 0x0e  // EFAULT
        case .running: 0x10  // EBUSY
        case .invalidRequest: 0x16  // EINVAL
        case .noSpace: 0x1c  // ENOSPC
        // LLDB stops counting registers at any error. Its own stubs send this code.
        case .noSuchRegister: 0x45
        // "The request was malformed, or the annex was invalid" (GDB manual, "qXfer:object:read").
        case .noSuchDocument: 0x00
        }
    }
}
