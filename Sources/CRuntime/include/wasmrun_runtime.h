// The C side of Runtime.
