extension Machine {
    /// Passes input that has arrived for the virtio devices to the guest, and changes nothing if there is none.
    ///
    /// Unlike ``poll()``, this may be called at any time. ``poll()`` also does deferred work of devices, so it must be
    /// called at times that follow from the guest's own time. A device with deferred work takes its input at the next
    /// poll.
    package func takeArrivals() {
        for transport in virtio where !transport.hasWorkLeft { transport.poll() }
    }
}
