// Names compared as WebAssembly compares them.

/// An import's or export's name as a key.
///
/// Equal names are equal byte for byte. Swift's strings are equal already if they are canonically
/// equivalent ("é" in one scalar and in two), which for WebAssembly are two names.
/// Spec: core 3.0 §2.2.4.
package struct NameKey: Hashable, Sendable {
  package let name: String

  package init(_ name: String) { self.name = name }

  package static func == (left: NameKey, right: NameKey) -> Bool {
    left.name.utf8.elementsEqual(right.name.utf8)
  }

  package func hash(into hasher: inout Hasher) {
    for byte in name.utf8 { hasher.combine(byte) }
  }
}
