// A test script: the commands of a .wast file, as `wasm-tools json-from-wast` lists them.

/// A test file's commands, in order.
package struct Script {
  package var commands: [Command]

  package init(commands: [Command]) { self.commands = commands }
}

/// One command and the line of the .wast file where it begins.
package struct Command: Equatable {
  package var line: Int
  package var body: Body

  package enum Body: Equatable {
    /// Instantiates a module, which becomes the current one, and is called `name` from now on.
    case module(ModuleFile, name: String?)
    /// Keeps a module without instantiating it.
    case moduleDefinition(ModuleFile, name: String?)
    /// Instantiates a kept module (`definition` nil: the last one).
    case moduleInstance(name: String?, definition: String?)
    /// Offers the exports of instance `name` (nil: the current one) to imports from `moduleName`.
    case register(moduleName: String, name: String?)
    /// Must succeed; its results do not matter.
    case action(Action)
    case assertReturn(Action, expected: [ResultPattern])
    case assertTrap(Action, message: String)
    /// An exception must leave the function.
    case assertException(Action)
    /// The guest's stack must overflow.
    case assertExhaustion(Action)
    case assertMalformed(ModuleFile)
    case assertInvalid(ModuleFile)
    /// A custom section is wrong, which engines may refuse or ignore, as ours does.
    case assertInvalidCustom(ModuleFile)
    /// An import must be missing, or of a wrong type.
    case assertUnlinkable(ModuleFile)
    /// Instantiation must trap, in a segment or in the start function.
    case assertUninstantiable(ModuleFile, message: String)
    /// Starts a thread that executes commands of its own; of the instances it knows the one called
    /// `sharedModule`.
    case thread(name: String, sharedModule: String?, commands: [Command])
    /// Goes on when the thread has ended.
    case wait(thread: String)
    /// A kind of command that no feature of this engine needs.
    case unsupported(kind: String)
  }

  package init(line: Int, body: Body) {
    self.line = line
    self.body = body
  }
}

/// A module of a script.
package enum ModuleFile: Equatable {
  /// A file in the binary format, beside the script's JSON.
  case binary(fileName: String)
  /// Text that the converter left as it was, for parsers of the text format.
  case text(fileName: String)

  var isText: Bool { if case .text = self { true } else { false } }

  var name: String {
    switch self {
    case .binary(let name), .text(let name): name
    }
  }
}

/// What a script does with an instance.
package struct Action: Equatable {
  package var kind: Kind
  /// The instance's name; nil means the current one.
  package var instance: String?
  /// The export's name.
  package var field: String

  package enum Kind: Equatable {
    case invoke([ScriptArgument])
    /// Reads a global.
    case get
  }

  package init(kind: Kind, instance: String?, field: String) {
    self.kind = kind
    self.instance = instance
    self.field = field
  }
}
