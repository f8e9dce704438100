/// Why a virtual machine could not be made: one line for people.
package struct StartError: Error, CustomStringConvertible {
    package var description: String

    package init(description: String) {
        self.description = description
    }
}
