/// The release of Trapline.
package enum Release {
    /// The version number, by semantic versioning.
    package static let version = "0.1.0"
}
