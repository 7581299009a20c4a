// Names for what modules can import, and instantiation with it.

package import CompilerInterface
package import WasmModule

/// What modules find when they import: host functions, single definitions, whole instances. Later
/// definitions replace earlier ones of the same name.
package final class Linker {
  package let store: Store
  private var definitions: [NameKey: [NameKey: Extern]] = [:]
  private var instances: [NameKey: Instance] = [:]

  package init(_ store: Store) { self.store = store }

  /// Offers `value` as `module`.`name`.
  package func define(_ module: String, _ name: String, _ value: Extern) {
    definitions[NameKey(module), default: [:]][NameKey(name)] = value
  }

  /// Offers host functions; see `HostFunctionDefinition` for who keeps what alive.
  package func define(_ functions: [HostFunctionDefinition]) throws(ResourceError) {
    for function in functions {
      define(function.module, function.name, .function(try store.makeFunction(function)))
    }
  }

  /// Offers all exports of `instance` under the module name `name`.
  package func define(_ name: String, _ instance: Instance) {
    instances[NameKey(name)] = instance
  }

  /// What is offered as `module`.`name`; single definitions go before instances.
  package func resolve(_ module: String, _ name: String) -> Extern? {
    let key = NameKey(module)
    return definitions[key]?[NameKey(name)] ?? instances[key]?.export(name)
  }

  /// One value for each import of `module`, in order. Types are checked by `instantiate`.
  package func resolve(_ module: Module) throws(LinkError) -> [Extern] {
    var found: [Extern] = []
    found.reserveCapacity(module.imports.count)
    for wanted in module.imports {
      guard let value = resolve(wanted.module, wanted.name) else {
        throw LinkError(kind: .unknownImport, module: wanted.module, name: wanted.name)
      }
      found.append(value)
    }
    return found
  }

  /// Resolves the imports of `module` and makes an instance; see `Store.instantiate`.
  package func instantiate(
    _ module: Module, bytes: UnsafeRawBufferPointer, code: LoadedCode
  ) throws(InstantiationError) -> Instance {
    let imports: [Extern]
    do throws(LinkError) {
      imports = try resolve(module)
    } catch {
      throw .link(error)
    }
    return try store.instantiate(module, bytes: bytes, code: code, imports: imports)
  }
}
