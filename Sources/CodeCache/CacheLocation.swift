// Where the cache is: by the XDG base directory specification.

import SystemCalls

/// The folder of the cache, as the environment names it.
package struct CacheLocation: Hashable, Sendable {
  /// The folder of all programs' caches.
  package let parent: String

  package static let folderName = "wasmrun"

  package var path: String {
    parent == "/" ? "/" + Self.folderName : parent + "/" + Self.folderName
  }

  /// `$XDG_CACHE_HOME/wasmrun`, else `$HOME/.cache/wasmrun`; a relative value counts as unset, as
  /// the specification says. nil where neither names a place.
  package init?(
    variable: (String) -> String? = { ProcessEnvironment.value(of: $0) }
  ) {
    if let cacheHome = variable("XDG_CACHE_HOME"), cacheHome.hasPrefix("/") {
      parent = cacheHome
    } else if let home = variable("HOME"), home.hasPrefix("/") {
      parent = (home == "/" ? "" : home) + "/.cache"
    } else {
      return nil
    }
  }
}
