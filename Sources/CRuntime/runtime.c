// The C side of Runtime: trap handling and builtins.
