import Foundation
package import GDBStub
package import TargetDescription

/// The constants of a target, in a file that the transcripts of one kind of machine share.
package struct TargetFile {
    package var description: TargetDescription
    package var watchpointCount: Int?
    package var watchpointTypes: String?
    package var supportsNonStop: Bool
    package var canReportPower: Bool
    package var monitorCommands: [MonitorCommand]

    package var text: String {
        var lines = [
            "watchpoint-count \(optional(watchpointCount) { String($0) })",
            "watchpoint-types \(optional(watchpointTypes) { $0 })",
            "non-stop \(supportsNonStop)", "power-reports \(canReportPower)",
        ]
        lines += monitorCommands.map { "monitor-command " + [$0].transcriptText }
        return (lines + description.transcriptLines).map { $0 + "\n" }.joined()
    }

    package init(path: String) throws {
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
        func values(_ word: String) -> [String] {
            lines.filter { $0.hasPrefix(word + " ") }.map { String($0.dropFirst(word.count + 1)) }
        }
        func value(_ word: String) throws -> String {
            guard let value = values(word).first else { throw TranscriptError("\(path): there is no line \(word)") }
            return value
        }
        watchpointCount = try optional(try value("watchpoint-count")) { try decimal($0) }
        watchpointTypes = optional(try value("watchpoint-types")) { $0 }
        supportsNonStop = try value("non-stop") == "true"
        canReportPower = try value("power-reports") == "true"
        monitorCommands = try values("monitor-command").flatMap { try [MonitorCommand](transcript: $0) }
        description = try TargetDescription(transcript: lines)
    }

    /// Reads the constants of a real target.
    package init(_ target: any DebugTarget) {
        description = target.description
        watchpointCount = target.watchpoints?.count
        watchpointTypes = target.watchpoints?.types
        supportsNonStop = target.supportsNonStop
        canReportPower = target.powerReports != nil
        monitorCommands = target.monitor?.monitorCommands ?? []
    }
}

extension TargetDescription {
    /// One line for the architecture and for each feature, type and register.
    fileprivate var transcriptLines: [String] {
        var lines = ["architecture \(architecture)"]
        if let osabi { lines.append("osabi \(osabi)") }
        for feature in features {
            lines.append("feature \(feature.name)" + (feature.isExpedited ? " expedited" : ""))
            lines += feature.types.map(\.transcriptLine)
            lines += feature.registers.map(\.transcriptLine)
        }
        return lines
    }

    fileprivate init(transcript lines: [String]) throws {
        self.init(architecture: "", features: [])
        for line in lines {
            let words = line.split(separator: " ").map(String.init)
            guard words.count >= 2 else { continue }
            switch words[0] {
            case "architecture": architecture = words[1]
            case "osabi": osabi = words[1]
            case "feature": features.append(Feature(words[1], registers: [], isExpedited: words.count > 2))
            case "register": features[features.count - 1].registers.append(try RegisterDescription(words))
            case "flags", "struct", "enum", "vector", "union":
                features[features.count - 1].types.append(try TypeDescription(words))
            default: break
            }
        }
    }
}

extension RegisterDescription {
    fileprivate var transcriptLine: String {
        var line = "register \(name) \(number) \(bits) \(type)"
        for (key, value) in [
            ("group", group), ("generic", genericName), ("alternative", alternativeName),
            ("dwarf", dwarfNumber.map { String($0) }),
        ] {
            if let value { line += " \(key)=\(value)" }
        }
        if !isInGeneralPacket { line += " apart" }
        if isExpedited { line += " expedited" }
        if takesPartialWrites { line += " partial" }
        return line
    }

    fileprivate init(_ words: [String]) throws {
        guard words.count >= 5 else { throw TranscriptError("not a register: \(words)") }
        func value(_ key: String) -> String? {
            words.first { $0.hasPrefix(key + "=") }.map { String($0.dropFirst(key.count + 1)) }
        }
        self.init(
            words[1], number: try decimal(words[2]), bits: try decimal(words[3]), type: words[4],
            group: value("group"), genericName: value("generic"), alternativeName: value("alternative"),
            dwarfNumber: try value("dwarf").map { try decimal($0) }, isInGeneralPacket: !words.contains("apart"),
            isExpedited: words.contains("expedited"), takesPartialWrites: words.contains("partial"))
    }
}

extension TypeDescription {
    fileprivate var transcriptLine: String {
        func text(_ fields: [Field]) -> String {
            fields.map { field in
                " \(field.name):\(field.bits.lowerBound):\(field.bits.upperBound)" + (field.type.map { ":" + $0 } ?? "")
            }.joined()
        }
        return switch shape {
        case .flags(let bits, let fields): "flags \(id) \(bits)" + text(fields)
        case .struct(let bits, let fields): "struct \(id) \(bits)" + text(fields)
        case .enum(let bits, let values):
            "enum \(id) \(bits)" + values.map { " \($0.name):\(hexadecimal($0.value))" }.joined()
        case .vector(let element, let count): "vector \(id) \(element) \(count)"
        case .union(let members): "union \(id)" + members.map { " \($0.name):\($0.type)" }.joined()
        }
    }

    fileprivate init(_ words: [String]) throws {
        guard words.count >= 3 else { throw TranscriptError("not a type: \(words)") }
        let pairs = words.dropFirst(words[0] == "union" ? 2 : 3).map { $0.split(separator: ":").map(String.init) }
        func fields() throws -> [Field] {
            try pairs.map { Field($0[0], try decimal($0[1])...decimal($0[2]), type: $0.count > 3 ? $0[3] : nil) }
        }
        switch words[0] {
        case "flags": self.init(words[1], .flags(bits: try decimal(words[2]), fields: try fields()))
        case "struct": self.init(words[1], .struct(bits: try decimal(words[2]), fields: try fields()))
        case "enum":
            let values = try pairs.map { (name: $0[0], value: try number($0[1])) }
            self.init(words[1], .enum(bits: try decimal(words[2]), values: values))
        case "vector": self.init(words[1], .vector(element: words[2], count: try decimal(words[3])))
        default: self.init(words[1], .union(members: pairs.map { ($0[0], $0[1]) }))
        }
    }
}
