extension TargetDescription {
    /// Returns the `target.xml` document, as a single file without includes.
    ///
    /// A register has a `regnum` attribute only if its number does not follow that of the previous register.
    public func xml() -> [UInt8] {
        var writer = XMLWriter()
        writer.raw("<?xml version=\"1.0\"?>\n<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n")
        writer.begin("target", [("version", "1.0")])
        writer.element("architecture", text: architecture)
        if let osabi { writer.element("osabi", text: osabi) }
        var nextNumber = 0
        for feature in features {
            writer.begin("feature", [("name", feature.name)])
            for type in feature.types {
                type.write(to: &writer)
            }
            for register in feature.registers {
                register.write(to: &writer, hasNumber: register.number != nextNumber)
                nextNumber = register.number + 1
            }
            writer.end("feature")
        }
        writer.end("target")
        return writer.bytes
    }
}

extension RegisterDescription {
    fileprivate func write(to writer: inout XMLWriter, hasNumber: Bool) {
        writer.element(
            "reg",
            [
                ("name", name), ("bitsize", String(bits)), ("type", type), ("regnum", hasNumber ? String(number) : nil),
                ("group", group),
                // GDB saves and restores registers around calls of guest functions. Registers outside `g` are excluded:
                // functions do not change them, and some do not accept the value that was read.
                ("save-restore", isInGeneralPacket ? nil : "no"),
            ])
    }
}

extension TypeDescription {
    fileprivate func write(to writer: inout XMLWriter) {
        switch shape {
        case .flags(let bits, let fields):
            writer.begin("flags", [("id", id), ("size", String(bits / 8))])
            for field in fields { field.write(to: &writer) }
            writer.end("flags")
        case .struct(let bits, let fields):
            writer.begin("struct", [("id", id), ("size", String(bits / 8))])
            for field in fields { field.write(to: &writer) }
            writer.end("struct")
        case .enum(let bits, let values):
            writer.begin("enum", [("id", id), ("size", String(bits / 8))])
            for value in values {
                writer.element("evalue", [("name", value.name), ("value", String(value.value))])
            }
            writer.end("enum")
        case .vector(let element, let count):
            writer.element("vector", [("id", id), ("type", element), ("count", String(count))])
        case .union(let members):
            writer.begin("union", [("id", id)])
            for member in members {
                writer.element("field", [("name", member.name), ("type", member.type)])
            }
            writer.end("union")
        }
    }
}

extension TypeDescription.Field {
    fileprivate func write(to writer: inout XMLWriter) {
        writer.element(
            "field",
            [
                ("name", name), ("start", String(bits.lowerBound)), ("end", String(bits.upperBound)),
                ("type", type),
            ])
    }
}
