import AArch64
import GDBStub
import Machine

/// Guest memory by virtual address, in the translation regime of one held vCPU.
///
/// RAM and flash only: device registers change when they are looked at, so they are never read by accident.
struct GuestAddressSpace {
    let memory: GuestMemory
    /// Nil: addresses are physical.
    let regime: TranslationRegime?
    /// Where kernel addresses are looked for when the regime has only a trampoline to the kernel; nil: nowhere.
    let kernelTables: KernelTables?

    init(physical memory: GuestMemory) {
        self.memory = memory
        regime = nil
        kernelTables = nil
    }

    /// Memory through a regime of any origin.
    init(memory: GuestMemory, regime: TranslationRegime) {
        self.memory = memory
        self.regime = regime
        kernelTables = nil
    }

    /// - Parameter findsKernel: whether kernel addresses also mean something where the guest runs with the kernel
    ///   unmapped: for a debugger, not for what the guest itself asks for.
    init(
        _ accelerator: any Accelerator, memory: GuestMemory, vcpu: Int, findsKernel: Bool = false
    ) throws(TargetError) {
        self.memory = memory
        let registers = try TranslationRegisters(accelerator, vcpu: vcpu)
        regime = registers.regime
        kernelTables = findsKernel ? KernelTables(accelerator, registers, vcpu: vcpu) : nil
    }

    /// The physical address, and how many bytes from it on are as contiguous as the virtual ones.
    func translate(_ address: UInt64) throws(TargetError) -> (physical: UInt64, count: UInt64) {
        guard let regime else { return (address, UInt64.max - address) }
        do throws(TranslationFault) {
            let translation = try regime.walk(address) { descriptor(at: $0) }
            return (translation.physicalAddress, translation.bytesToEnd)
        } catch {
            if let found = inKernelTables(address, error) {
                return (found.translation.physicalAddress, found.translation.bytesToEnd)
            }
            throw .fault("virtual address \(hexadecimal(address)): \(error.text)")
        }
    }

    /// What the kernel's own table says of an address that the current one does not map.
    private func inKernelTables(_ address: UInt64, _ fault: TranslationFault) -> KernelTableSearch.Found? {
        guard fault.kind == .translation else { return nil }
        return kernelTables?.find(address) { descriptor(at: $0) }
    }

    /// The walk of an address, level by level, and the one in the kernel's table where that is what counts.
    func traceText(_ address: UInt64) -> String {
        guard let regime else { return "" }
        let trace = regime.trace(address) { descriptor(at: $0) }
        guard case .failure(let fault) = trace.result, let found = inKernelTables(address, fault) else {
            return trace.text
        }
        return trace.text + "by \(found.candidate.text)\n"
            + found.regime.trace(address) { descriptor(at: $0) }.text
    }

    /// A descriptor of the guest's translation tables; nil where no memory is.
    func descriptor(at address: UInt64) -> UInt64? {
        guard let region = memory.region(at: address), region.end - address >= 8 else { return nil }
        // SAFETY: the eight bytes lie within the region.
        return UInt64(littleEndian: (region.host + Int(address - region.base)).loadUnaligned(as: UInt64.self))
    }

    /// Reads up to `count` bytes; shorter where the readable memory ends, an error if not even one is readable.
    func read(_ address: UInt64, count: Int) throws(TargetError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            let (reached, overflow) = address.addingReportingOverflow(UInt64(bytes.count))
            if overflow { break }
            do throws(TargetError) {
                bytes += try readContiguous(reached, count: count - bytes.count)
            } catch {
                if bytes.isEmpty { throw error }
                break
            }
        }
        return bytes
    }

    private func readContiguous(_ address: UInt64, count: Int) throws(TargetError) -> [UInt8] {
        let (physical, contiguous) = try translate(address)
        let wanted = Int(min(UInt64(count), contiguous))
        let available = memory.available(at: physical, count: wanted)
        guard available > 0 else { throw notMemory(physical, address) }
        do throws(MemoryError) {
            return try memory.read(physical, count: available)
        } catch {
            throw .fault(error.description)
        }
    }

    /// The physical ranges behind a virtual one, all of which are memory; otherwise an error and nothing has happened.
    func ranges(_ address: UInt64, count: Int) throws(TargetError) -> [Range<UInt64>] {
        var ranges: [Range<UInt64>] = []
        var done = 0
        while done < count {
            let (reached, overflow) = address.addingReportingOverflow(UInt64(done))
            if overflow { throw .fault("\(hexadecimal(address)): the range goes beyond the address space") }
            let (physical, contiguous) = try translate(reached)
            let part = Int(min(UInt64(count - done), contiguous))
            guard memory.available(at: physical, count: part) == part else { throw notMemory(physical, reached) }
            ranges.append(physical..<(physical + UInt64(part)))
            done += part
        }
        return ranges
    }

    private func notMemory(_ physical: UInt64, _ address: UInt64) -> TargetError {
        let place = regime == nil ? "" : " (virtual \(hexadecimal(address)))"
        return .fault("physical address \(hexadecimal(physical))\(place): neither RAM nor flash")
    }
}
