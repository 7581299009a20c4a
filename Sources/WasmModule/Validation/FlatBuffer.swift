// Contiguous storage for the validator's tables and stacks, free of reference counting.

/// A block of memory that its one owner reads and writes by index.
///
/// Unlike an array it is never shared, so that an access is a plain load or store. Indices are
/// the owner's responsibility: only debug builds check them.
struct FlatBuffer<Element: BitwiseCopyable>: ~Copyable {
  private var base: UnsafeMutablePointer<Element>
  private(set) var capacity: Int

  /// Room for `capacity` elements, not initialised.
  init(capacity: Int) {
    self.capacity = max(capacity, 1)
    base = .allocate(capacity: self.capacity)
  }

  /// A copy of `elements`.
  init(_ elements: [Element]) {
    self.init(capacity: elements.count)
    base.initialize(from: elements, count: elements.count)
  }

  deinit { base.deallocate() }

  @inline(__always)
  subscript(index: Int) -> Element {
    get {
      assert(index >= 0 && index < capacity)
      return base[index]
    }
    nonmutating set {
      assert(index >= 0 && index < capacity)
      base[index] = newValue
    }
  }

  /// Makes room for `minimum` elements, keeping the first `count`.
  @inline(never)
  mutating func grow(to minimum: Int, keeping count: Int) {
    let newCapacity = max(minimum, capacity * 2)
    let newBase = UnsafeMutablePointer<Element>.allocate(capacity: newCapacity)
    newBase.update(from: base, count: count)
    base.deallocate()
    base = newBase
    capacity = newCapacity
  }
}
