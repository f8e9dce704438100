/// A disk of the guest's: what `--disk` names.
package struct DiskOption: Equatable, Sendable {
    package var path: String
    package var isReadOnly = false

    package init(path: String, isReadOnly: Bool = false) {
        self.path = path
        self.isReadOnly = isReadOnly
    }

    /// Reads `FILE` or `FILE,ro`; nil without a file.
    package init?(_ text: String) {
        isReadOnly = text.hasSuffix(",ro")
        path = isReadOnly ? String(text.dropLast(3)) : text
        guard !path.isEmpty, !path.utf8.contains(0) else { return nil }
    }
}
