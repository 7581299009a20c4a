// Names for what modules can import.

import Runtime

/// Finds what modules import by name: host functions, single things, whole instances. Later
/// definitions replace earlier ones of the same name; single things go before instances. It keeps its
/// store, and belongs to the store's thread.
public final class Linker {
  public let store: Store
  private let core: Runtime.Linker

  public init(_ store: Store) {
    self.store = store
    core = Runtime.Linker(store.core)
  }

  /// Offers `value` as `module`.`name`. Throws `.otherStore` where it is not of the linker's store.
  public func define(_ module: String, _ name: String, _ value: Extern) throws(LinkError) {
    guard value.store === store else {
      throw LinkError(module: module, name: name, reason: .otherStore)
    }
    core.define(module, name, value.core)
  }

  /// Offers a function of the host as `module`.`name`; see `Function.Body` for what it may do.
  public func define(
    _ module: String, _ name: String, _ type: FunctionType, _ body: @escaping Function.Body
  ) throws(ResourceError) {
    core.define(module, name, .function(try Function(type, in: store, body).core))
  }

  /// Offers all exports of `instance` under the module name `module`. Throws `.otherStore` where it is
  /// not of the linker's store.
  public func define(_ module: String, _ instance: Instance) throws(LinkError) {
    guard instance.store === store else {
      throw LinkError(module: module, name: "*", reason: .otherStore)
    }
    core.define(module, instance.core)
  }

  /// What is offered as `module`.`name`; nil where nothing is.
  public func resolve(_ module: String, _ name: String) -> Extern? {
    core.resolve(module, name).map { Extern($0, in: store) }
  }

  /// Instantiates `module` with what is offered; see `Instance`.
  public func instantiate(_ module: Module) throws(InstantiationError) -> Instance {
    let imports: [Runtime.Extern]
    do throws(Runtime.LinkError) {
      imports = try core.resolve(module.declarations)
    } catch {
      throw .link(LinkError(error))
    }
    return try Instance(module, checked: imports, in: store)
  }
}
