;; Lists and trees of structures, and arrays of them, far more than fit between two collections: what
;; is still needed must be whole in the end. Writes "whole", or exits with the number of what is not.
(module
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "whole\n")
  (type $tree (struct
    (field $depth i32) (field $left (ref null $tree)) (field $right (ref null $tree))))
  (type $forest (array (mut (ref null $tree))))
  (type $text (array (mut i8)))
  (global $forest (ref $forest) (array.new_default $forest (i32.const 64)))

  (func $make (param $depth i32) (result (ref $tree))
    (struct.new $tree
      (local.get $depth)
      (if (result (ref null $tree)) (local.get $depth)
        (then (call $make (i32.sub (local.get $depth) (i32.const 1))))
        (else (ref.null $tree)))
      (if (result (ref null $tree)) (local.get $depth)
        (then (call $make (i32.sub (local.get $depth) (i32.const 1))))
        (else (ref.null $tree)))))

  ;; Nodes of a tree whose depths are as they must be.
  (func $count (param $tree (ref null $tree)) (param $depth i32) (result i32)
    (if (ref.is_null (local.get $tree)) (then (return (i32.const 0))))
    (if (i32.ne (struct.get $tree $depth (local.get $tree)) (local.get $depth))
      (then (call $exit (i32.const 1))))
    (i32.add (i32.const 1)
      (i32.add
        (call $count (struct.get $tree $left (local.get $tree))
          (i32.sub (local.get $depth) (i32.const 1)))
        (call $count (struct.get $tree $right (local.get $tree))
          (i32.sub (local.get $depth) (i32.const 1))))))

  (func (export "_start")
    (local $round i32) (local $text (ref null $text))
    ;; 2,000 trees of 1,023 nodes, of which 64 are kept at a time: 65 MB in all.
    (loop $rounds
      (array.set $forest (global.get $forest) (i32.and (local.get $round) (i32.const 63))
        (call $make (i32.const 9)))
      ;; Large objects come and go, too.
      (local.set $text (array.new $text (i32.const 7) (i32.const 20000)))
      (br_if $rounds
        (i32.lt_u (local.tee $round (i32.add (local.get $round) (i32.const 1))) (i32.const 2000))))
    (local.set $round (i32.const 0))
    (loop $rounds
      (if (i32.ne (i32.const 1023)
          (call $count (array.get $forest (global.get $forest) (local.get $round)) (i32.const 9)))
        (then (call $exit (i32.const 2))))
      (br_if $rounds
        (i32.lt_u (local.tee $round (i32.add (local.get $round) (i32.const 1))) (i32.const 64))))
    (if (i32.ne (i32.const 7) (array.get_u $text (local.get $text) (i32.const 19999)))
      (then (call $exit (i32.const 3))))
    (i32.store (i32.const 0) (i32.const 16))
    (i32.store (i32.const 4) (i32.const 6))
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))
