import CLinuxKVM
import HostIO
import SystemPackage

/// The requests to an open file of KVM's: the system, a virtual machine, a vCPU or a device.
extension OwnedDescriptor {
    /// Does a request that takes a number; the result is KVM's own.
    @discardableResult
    func request(_ request: KVMRequest, _ argument: Int = 0) throws(KVMError) -> CInt {
        try checked(request, trapline_ioctl(borrowed.rawValue, request.number, UInt(bitPattern: argument)))
    }

    /// Does a request that takes a structure, which KVM may change.
    @discardableResult
    func request<Argument: BitwiseCopyable>(
        _ request: KVMRequest, _ argument: inout Argument
    ) throws(KVMError) -> CInt {
        precondition(MemoryLayout<Argument>.size >= request.size)
        // SAFETY: the kernel reads and writes `request.size` bytes during the call, which the argument has.
        return try checked(
            request,
            unsafe withUnsafeMutablePointer(to: &argument) {
                trapline_ioctl(borrowed.rawValue, request.number, UInt(bitPattern: $0))
            })
    }

    /// Does a request that takes a structure of 64-bit words, which KVM may change.
    @discardableResult
    func request(_ request: KVMRequest, words: inout [UInt64]) throws(KVMError) -> CInt {
        precondition(words.count * 8 >= request.size)
        // SAFETY: the kernel reads and writes `request.size` bytes during the call, and as many entries after them as
        // the first word says, for which the caller has made room.
        return try checked(
            request,
            unsafe words.withUnsafeMutableBytes {
                trapline_ioctl(borrowed.rawValue, request.number, UInt(bitPattern: $0.baseAddress))
            })
    }

    private func checked(_ request: KVMRequest, _ result: CInt) throws(KVMError) -> CInt {
        guard result >= 0 else { throw KVMError(operation: request.name, errno: .last) }
        return result
    }

    /// Does a request that makes a file: a virtual machine, or a vCPU.
    func open(_ request: KVMRequest, _ argument: Int = 0) throws(KVMError) -> OwnedDescriptor {
        OwnedDescriptor(try self.request(request, argument))
    }

    /// The value of a capability (KVM_CHECK_EXTENSION): 0 if the host does not have it.
    func check(_ capability: KVMCapability) -> Int {
        Int(max(0, trapline_ioctl(borrowed.rawValue, KVMRequest.checkExtension.number, UInt(capability.rawValue))))
    }
}
