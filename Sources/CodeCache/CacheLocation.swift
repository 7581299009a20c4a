// Where the cache is: by the XDG base directory specification.

package import SystemCalls

/// The folder of the cache, as the environment names it.
package struct CacheLocation: Hashable, Sendable {
  /// The folder of all programs' caches.
  package let parent: OSString

  package static let folderName: OSString = "wasmrun"

  package var path: OSString {
    parent == "/" ? "/" + Self.folderName : parent + "/" + Self.folderName
  }

  /// `$XDG_CACHE_HOME/wasmrun`, else `$HOME/.cache/wasmrun`; a relative value counts as unset, as
  /// the specification says. nil where neither names a place.
  package init?(
    variable: (OSString) -> OSString? = { ProcessEnvironment.value(of: $0) }
  ) {
    if let cacheHome = variable("XDG_CACHE_HOME"), cacheHome.isAbsolute {
      parent = cacheHome
    } else if let home = variable("HOME"), home.isAbsolute {
      parent = (home == "/" ? "" : home) + "/.cache"
    } else {
      return nil
    }
  }
}

extension OSString {
  fileprivate var isAbsolute: Bool { bytes.first == UInt8(ascii: "/") }
}
