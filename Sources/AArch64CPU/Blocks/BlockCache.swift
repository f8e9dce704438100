final class BlockCache {
    init(capacity: Int) {}
}
