// Why a module has no instance.

package import WasmModule

/// Why instantiation failed.
package enum InstantiationError: Error {
  case link(LinkError)
  case resource(ResourceError)
  /// The image is not this module's, in words.
  case image(String)
  /// A constant expression that no valid module has.
  case invalid(ModuleError)
  /// An active segment was out of bounds (a trap), or the start function did not return.
  case stopped(InvocationError)
}
