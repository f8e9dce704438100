import CLinuxKVM
import HostIO
import Platform

/// A vCPU's `struct kvm_run`, mapped, with the data that KVM keeps after it (KVM API, section 5).
///
/// The kernel writes it during KVM_RUN alone, on the thread that runs the vCPU.
@safe
package struct SharedPage: ~Copyable {
    private let start: UnsafeMutablePointer<kvm_run>
    /// In bytes.
    package let size: Int

    package init(_ descriptor: CInt, size: Int) throws(KVMError) {
        // SAFETY: a new mapping is used by this value alone; it has room for the structure, any bytes of which are
        // valid.
        guard size >= MemoryLayout<kvm_run>.size,
            let start = unsafe mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
            unsafe start != MAP_FAILED
        else { throw KVMError(operation: "mmap of a vCPU", errno: .last) }
        unsafe self.start = start.assumingMemoryBound(to: kvm_run.self)
        self.size = size
    }

    // SAFETY: the mapping is this value's own and has its size.
    deinit { unsafe munmap(start, size) }

    /// The structure, in place.
    var run: kvm_run {
        // SAFETY: the mapping holds a `kvm_run` and lives as long as this value.
        _read { yield unsafe start.pointee }
        nonmutating _modify { yield unsafe &start.pointee }
    }

    /// A byte of the mapping.
    package subscript(offset: Int) -> UInt8 {
        get {
            precondition(offset >= 0 && offset < size)
            // SAFETY: the byte lies within the mapping.
            return unsafe UnsafeRawPointer(start).load(fromByteOffset: offset, as: UInt8.self)
        }
        nonmutating set {
            precondition(offset >= 0 && offset < size)
            // SAFETY: the byte lies within the mapping.
            unsafe UnsafeMutableRawPointer(start).storeBytes(of: newValue, toByteOffset: offset, as: UInt8.self)
        }
    }

    package var immediateExit: Bool {
        get { run.immediate_exit != 0 }
        nonmutating set { run.immediate_exit = newValue ? 1 : 0 }
    }
}

// KVM_EXIT_DEBUG differs between the hosts' architectures.
extension SharedPage {
    #if arch(x86_64)
    var debugExit: KVMExit {
        // SAFETY: the functions read fields of the structure, which is mapped.
        unsafe .debugTrap(
            vector: UInt8(truncatingIfNeeded: trapline_debug_vector(start)), pc: trapline_debug_pc(start),
            dr6: trapline_debug_dr6(start), dr7: trapline_debug_dr7(start))
    }
    #else
    var debugExit: KVMExit {
        // SAFETY: the functions read fields of the structure, which is mapped.
        unsafe .debug(syndrome: trapline_debug_syndrome(start), faultAddress: trapline_debug_fault_address(start))
    }
    #endif
}
