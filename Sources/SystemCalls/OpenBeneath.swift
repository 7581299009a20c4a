// Opening a path that must not lead out of a directory.

import CSystem
import Glibc

/// Who keeps a path inside its directory.
package enum BeneathStrategy: Sendable {
  /// openat2(2) with `RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS`.
  case kernel
  /// `ComponentWalk`, where the kernel lacks the call (before 5.6) or a container forbids it.
  case componentWalk

  /// What this kernel offers, found out at the first use.
  package static let available = probe()

  package static func probe() -> BeneathStrategy {
    do {
      _ = try FileDescriptor.currentDirectory.openByKernel(".", [.path, .directory], 0)
      return .kernel
    } catch .notImplemented, .notPermitted, .invalidArgument {
      // EPERM is how seccomp profiles of containers spell ENOSYS.
      return .componentWalk
    } catch {
      // A working directory that is gone or not searchable says nothing against the call.
      return .kernel
    }
  }
}

extension Errno {
  /// No kernel's error: a path leads through a directory that it must not enter.
  package static let avoidedDirectory = Errno(rawValue: 4_098)
}

extension FileDescriptor {
  /// Opens `path` relative to this directory. Throws `.crossDevice` where an absolute path, an
  /// absolute symbolic link or `..` would lead out of it, and where it would lead away from the file
  /// system `device`, if one is given.
  package func openBeneath(
    _ path: UnsafePointer<CChar>, _ flags: OpenFlags, permissions: UInt32 = 0o666,
    stayingOn device: UInt64? = nil, by strategy: BeneathStrategy = .available
  ) throws(Errno) -> OwnedDescriptor {
    if strategy == .kernel {
      // A rename somewhere on the machine can make the kernel unsure about a `..`: it says EAGAIN
      // and wants to be asked again. The walk needs no second try.
      for _ in 0..<16 {
        do {
          return try openByKernel(path, flags, permissions, crossingMounts: device == nil)
        } catch .wouldBlock {
          continue
        }
      }
    }
    return try ComponentWalk.open(
      path, beneath: self, flags, permissions: permissions, stayingOn: device)
  }

  /// The same by a walk that enters `forbidden` by no name: throws `.avoidedDirectory` where the path
  /// leads through it. A path that ends there opens it.
  package func openBeneath(
    _ path: UnsafePointer<CChar>, _ flags: OpenFlags, stayingOn device: UInt64? = nil,
    avoiding forbidden: FileIdentity
  ) throws(Errno) -> OwnedDescriptor {
    try ComponentWalk.open(
      path, beneath: self, flags, permissions: 0o666, avoiding: forbidden, stayingOn: device)
  }

  fileprivate func openByKernel(
    _ path: UnsafePointer<CChar>, _ flags: OpenFlags, _ permissions: UInt32,
    crossingMounts: Bool = true
  ) throws(Errno) -> OwnedDescriptor {
    // O_NOCTTY is not among the flags that O_PATH goes with; openat2 refuses what openat ignores.
    let isPath = flags.contains(.path)
    let all = flags.rawValue | O_CLOEXEC | (isPath ? 0 : O_NOCTTY)
    let mode = flags.contains(.create) ? UInt64(permissions) : 0
    let resolve = wasmrun_resolve_beneath | (crossingMounts ? 0 : wasmrun_resolve_no_mounts)
    let number = try checked(.openat2) {
      wasmrun_openat2(rawValue, path, UInt64(UInt32(bitPattern: all)), mode, resolve)
    }
    return OwnedDescriptor(FileDescriptor(rawValue: number))
  }
}
