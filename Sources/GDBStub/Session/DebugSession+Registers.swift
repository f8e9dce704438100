import Execution
import GDBRemote
import TargetDescription

extension DebugSession {
    func reply(to command: RegisterCommand) throws(TargetError) -> Reply {
        switch command {
        case .readAll(let thread):
            return readAllRegisters(vcpu: try vcpu(thread))
        case .writeAll(let bytes, let thread):
            try checkNoFrameIsSelected()
            try writeAllRegisters(bytes, vcpu: try vcpu(thread))
            return .ok
        case .read(let number, let thread):
            let register = try register(numbered: number)
            guard let traceFrame else { return .hex(try target.read(register, vcpu: try vcpu(thread))) }
            var reply = Reply()
            reply.append(register, value(of: register, in: traceFrame))
            return reply
        case .write(let number, let bytes, let thread):
            try checkNoFrameIsSelected()
            let register = try register(numbered: number)
            let vcpu = try vcpu(thread)
            try target.writeRegister(register.number, vcpu: vcpu, bytes: whole(bytes, of: register, vcpu: vcpu))
            return .ok
        }
    }

    /// Returns all bytes of a register, when a write may give only the lowest ones.
    private func whole(_ bytes: [UInt8], of register: RegisterDescription, vcpu: Int) throws(TargetError) -> [UInt8] {
        if bytes.count == register.byteCount { return bytes }
        guard register.takesPartialWrites, (1..<register.byteCount).contains(bytes.count) else {
            throw .invalid("\(register.name) has \(register.byteCount) bytes, not \(bytes.count)")
        }
        return bytes + (try target.read(register, vcpu: vcpu)).dropFirst(bytes.count)
    }

    /// Returns the vCPU of a register packet: the named thread's, or the one that `Hg` selected.
    private func vcpu(_ thread: ThreadID?) throws(TargetError) -> Int {
        var vcpu = accessVCPU
        if let thread {
            let vcpus = try vcpus(thread)
            if vcpus.count == 1 { vcpu = vcpus.lowerBound }
        }
        if traceFrame == nil { try checkIsHeld(vcpu) }
        return vcpu
    }

    private func register(numbered number: UInt64) throws(TargetError) -> RegisterDescription {
        guard let number = Int(exactly: number), let register = layout.register(numbered: number) else {
            throw .invalid("there is no register \(number)")
        }
        return register
    }

    /// Reads the registers of `g`.
    ///
    /// An unreadable one is `xx` and does not affect the rest.
    private func readAllRegisters(vcpu: Int) -> Reply {
        var reply = Reply()
        for register in layout.generalRegisters {
            if let traceFrame {
                reply.append(register, value(of: register, in: traceFrame))
            } else {
                reply.append(register, try? target.read(register, vcpu: vcpu))
            }
        }
        return reply
    }

    /// Writes the registers that `G` gives, all or none.
    ///
    /// A register sent as `xx` keeps its value. Registers after the packet's end keep theirs too: clients with a
    /// register table of their own send only the first registers, which QEMU accepts as well.
    private func writeAllRegisters(_ bytes: [UInt8?], vcpu: Int) throws(TargetError) {
        guard 1...layout.generalByteCount ~= bytes.count else {
            throw .invalid("G takes at most \(layout.generalByteCount) bytes, not \(bytes.count)")
        }
        var values: [(number: Int, bytes: [UInt8])] = []
        var offset = 0
        for register in layout.generalRegisters where offset < bytes.count {
            guard offset + register.byteCount <= bytes.count else {
                throw .invalid("the packet ends within \(register.name)")
            }
            let known = bytes[offset..<(offset + register.byteCount)].compactMap { $0 }
            offset += register.byteCount
            guard !known.isEmpty else { continue }
            guard known.count == register.byteCount else { throw .invalid("only a part of \(register.name) is given") }
            values.append((register.number, known))
        }
        try target.writeRegisters(values, vcpu: vcpu)
    }
}

extension DebugTarget {
    /// Reads one register.
    ///
    /// Throws unless its size matches its description.
    func read(_ register: RegisterDescription, vcpu: Int) throws(TargetError) -> [UInt8] {
        let bytes = try readRegister(register.number, vcpu: vcpu)
        guard bytes.count == register.byteCount else {
            throw .invalid("\(register.name) could not be read: the target gave \(bytes.count) bytes")
        }
        return bytes
    }
}

extension Reply {
    /// Appends a register's value, or `xx` for each byte if it is nil.
    fileprivate mutating func append(_ register: RegisterDescription, _ value: [UInt8]?) {
        if let value { return append(hex: value) }
        for _ in 0..<register.byteCount { append("xx") }
    }
}
