;; Prints its arguments, the first of which is its name, then its variables, a line each.
;;
;;   wasmrun --env LANG --env LEVEL=9 show.wat -- one two
(module
  (import "wasi_snapshot_preview1" "args_sizes_get"
    (func $args_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_sizes_get"
    (func $environ_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_get" (func $environ_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 64)

  ;; Prints `count` bytes of strings that end with 0, each on a line of its own.
  (func $print (param $start i32) (param $count i32)
    (local $place i32)
    (local.set $place (local.get $start))
    (block $done
      (loop $next
        (br_if $done
          (i32.eq (local.get $place) (i32.add (local.get $start) (local.get $count))))
        (if (i32.eqz (i32.load8_u (local.get $place)))
          (then (i32.store8 (local.get $place) (i32.const 10))))
        (local.set $place (i32.add (local.get $place) (i32.const 1)))
        (br $next)))
    (i32.store (i32.const 0) (local.get $start))
    (i32.store (i32.const 4) (local.get $count))
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))

  (func (export "_start")
    (drop (call $args_sizes_get (i32.const 16) (i32.const 20)))
    (drop (call $args_get (i32.const 1024) (i32.const 1048576)))
    (call $print (i32.const 1048576) (i32.load (i32.const 20)))
    (drop (call $environ_sizes_get (i32.const 16) (i32.const 20)))
    (drop (call $environ_get (i32.const 1024) (i32.const 1048576)))
    (call $print (i32.const 1048576) (i32.load (i32.const 20)))))
