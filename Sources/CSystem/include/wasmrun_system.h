// The C side of SystemCalls.
