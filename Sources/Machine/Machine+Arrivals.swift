extension Machine {
    /// Gives the guest what has arrived for its virtio devices, and changes nothing if nothing has.
    ///
    /// Unlike ``poll()``, which does part of what devices have put off and so must come at times that follow from the
    /// guest's own, this may be called at any time. A device that has work left takes its input with the next poll.
    package func takeArrivals() {
        for transport in virtio where !transport.hasWorkLeft { transport.poll() }
    }
}
