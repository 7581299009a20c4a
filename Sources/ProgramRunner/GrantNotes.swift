// What a guest was granted and what not, told before it starts.

import SystemCalls
import WasmModule

/// Notes for those who wonder why a program finds no file: the C library of a program looks for a
/// path among the names of the granted folders by itself, and asks nobody about others.
enum GrantNotes {
  static func tell(_ options: RunOptions, _ module: Module, _ observer: any RunnerObserver) {
    for grant in options.directories {
      let name = grant.guestPath == grant.hostPath ? "" : " as '\(grant.guestPath)'"
      observer.note(
        "granted: '\(grant.hostPath)'\(name), to read\(grant.isReadOnly ? "" : " and change")")
    }
    for case .inherit(let name) in options.environment
    where ProcessEnvironment.value(of: name) == nil {
      observer.note("the variable '\(name)' is not set here, so the program has none of that name")
    }
    let imports = { (name: String) in module.imports.contains { $0.name == name } }
    if options.directories.isEmpty, imports("path_open") {
      observer.note(
        "no folder is granted, so the program finds no file: --dir HOST[::GUEST] grants one, "
          + "--ro-dir to read only")
    }
    if options.listenAddresses.isEmpty, imports("sock_accept") {
      observer.note(
        "no socket is granted, so the program finds none: --listen ADDRESS:PORT or "
          + "unix:PATH grants one")
    }
  }
}
