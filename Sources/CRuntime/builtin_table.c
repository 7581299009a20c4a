// The builtins' addresses in the order that compiled code knows.
#include "builtins.h"

#define ENTRY(function) ((const void *)(function))

static const void *const table[WASMRUN_BUILTIN_COUNT] = {
    [WASMRUN_BUILTIN_RAISE] = ENTRY(wasmrun_raise),
    [WASMRUN_BUILTIN_MEMORY_GROW] = ENTRY(wasmrun_memory_grow),
    [WASMRUN_BUILTIN_MEMORY_COPY] = ENTRY(wasmrun_memory_copy),
    [WASMRUN_BUILTIN_MEMORY_FILL] = ENTRY(wasmrun_memory_fill),
    [WASMRUN_BUILTIN_MEMORY_INIT] = ENTRY(wasmrun_memory_init),
    [WASMRUN_BUILTIN_DATA_DROP] = ENTRY(wasmrun_data_drop),
    [WASMRUN_BUILTIN_TABLE_SET] = ENTRY(wasmrun_table_set),
    [WASMRUN_BUILTIN_TABLE_GROW] = ENTRY(wasmrun_table_grow),
    [WASMRUN_BUILTIN_TABLE_FILL] = ENTRY(wasmrun_table_fill),
    [WASMRUN_BUILTIN_TABLE_COPY] = ENTRY(wasmrun_table_copy),
    [WASMRUN_BUILTIN_TABLE_INIT] = ENTRY(wasmrun_table_init),
    [WASMRUN_BUILTIN_ELEMENT_DROP] = ENTRY(wasmrun_element_drop),
    [WASMRUN_BUILTIN_IS_SUBTYPE] = ENTRY(wasmrun_is_subtype),
    [WASMRUN_BUILTIN_STRUCT_NEW] = ENTRY(wasmrun_struct_new),
    [WASMRUN_BUILTIN_ARRAY_NEW] = ENTRY(wasmrun_array_new),
    [WASMRUN_BUILTIN_ARRAY_NEW_DATA] = ENTRY(wasmrun_array_new_data),
    [WASMRUN_BUILTIN_ARRAY_NEW_ELEMENT] = ENTRY(wasmrun_array_new_element),
    [WASMRUN_BUILTIN_ARRAY_FILL] = ENTRY(wasmrun_array_fill),
    [WASMRUN_BUILTIN_ARRAY_COPY] = ENTRY(wasmrun_array_copy),
    [WASMRUN_BUILTIN_ARRAY_INIT_DATA] = ENTRY(wasmrun_array_init_data),
    [WASMRUN_BUILTIN_ARRAY_INIT_ELEMENT] = ENTRY(wasmrun_array_init_element),
    [WASMRUN_BUILTIN_MEMORY_NOTIFY] = ENTRY(wasmrun_memory_notify),
    [WASMRUN_BUILTIN_MEMORY_WAIT32] = ENTRY(wasmrun_memory_wait32),
    [WASMRUN_BUILTIN_MEMORY_WAIT64] = ENTRY(wasmrun_memory_wait64),
    [WASMRUN_BUILTIN_THROW] = ENTRY(wasmrun_throw),
    [WASMRUN_BUILTIN_RESUME] = ENTRY(wasmrun_resume),
    [WASMRUN_BUILTIN_AWAIT_CODE] = ENTRY(wasmrun_await_code),
    [WASMRUN_BUILTIN_LOOP_IS_HOT] = ENTRY(wasmrun_loop_is_hot),
};

const void *const *wasmrun_builtin_table(void) { return table; }
