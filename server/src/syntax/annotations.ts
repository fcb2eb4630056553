/**
 * Words that the kernel puts into declarations for checkers, the linker or code generation, and that the C
 * grammar does not know. Source: include/linux/compiler_types.h, compiler_attributes.h, init.h, linkage.h,
 * cache.h and the like (6.1 to 6.12), with a few older ones that out-of-tree code still has.
 */

/** Stand alone: `int __init f(void)`, `void __percpu *p`. */
const words: ReadonlySet<string> = new Set([
  '__percpu', '__user', '__kernel', '__iomem', '__rcu', '__safe', '__force', '__private', '__nocast', '__bitwise', '__seg_gs', '__seg_fs',
  '__init', '__exit', '__initdata', '__initconst', '__exitdata', '__exitconst', '__init_or_module', '__initdata_or_module', '__initconst_or_module',
  '__init_memblock', '__initdata_memblock', '__init_or_acpilib', '__initdata_or_acpilib', '__meminit', '__meminitdata', '__meminitconst',
  '__net_init', '__net_exit', '__net_initdata', '__ref', '__refdata', '__refconst', '__devinit', '__devexit', '__devinitdata',
  '__cpuinit', '__cpuinitdata', '__init_refok', '__head', '__idmap', '__machine_desc', '__initcall', '__exitcall',
  '__ro_after_init', '__read_mostly', '__nosavedata', '__bss_decrypted', '__page_aligned_data', '__page_aligned_bss', '__uninitialized',
  '__must_check', '__maybe_unused', '__always_unused', '__always_used', '__used', '__unused', '__visible', '__weak', '__pure', '__retain',
  '__attribute_const__', '__deprecated', '__cold', '__hot', '__malloc', '__naked', '__noreturn', '__noclone', '__flatten', '__noipa',
  '__lockfunc', '__sched', '__cpuidle', '__kprobes', '__tracepoint_string', '__notrace_funcgraph', '__entry_text', '__xipram', '__efiapi',
  '__irq_entry', '__softirq_entry', '__exception_irq_entry', '__latent_entropy', '__preserve_most', '__bpf_kfunc', '__ksym', '__kconfig', '__hidden',
  '__noendbr', '__nocfi', '__noretpoline', '__noscs', '__no_caller_saved_registers', '__no_kasan_or_inline', '__no_kcsan', '__no_kmsan_checks',
  '__no_profile', '__no_stack_protector', '__no_sanitize_address', '__no_sanitize_coverage', '__no_sanitize_memory', '__no_sanitize_or_inline',
  '__no_sanitize_thread', '__no_sanitize_undefined', '__no_randomize_layout', '__randomize_layout', '__designated_init', '__signed_wrap', '__nonstring',
  '__packed', '__packed2__', '____cacheline_aligned', '____cacheline_aligned_in_smp', '____cacheline_internodealigned_in_smp',
  '__cacheline_aligned', '__cacheline_aligned_in_smp', '__aligned_largest', '__lock_aligned', '__gnu_inline', '__inline_maybe_unused',
  '__always_inline', '__inline', '__inline__', '__extension__', '__volatile__',
  'STATIC', 'noinline', 'notrace', 'noinstr', 'asmlinkage', 'nokprobe_inline', 'noinline_for_stack', 'fastcall',
  'randomized_struct_fields_start', 'randomized_struct_fields_end', 'ACPI_SYSTEM_XFACE', 'ACPI_INTERNAL_VAR_XFACE',
]);

/** Take arguments: `__aligned(8)`, `__acquires(lock)`. */
const heads: ReadonlySet<string> = new Set([
  '__attribute__', '__attribute', '__declspec', '__aligned', '__section', '__printf', '__scanf', '__acquires', '__releases', '__must_hold',
  '__cond_acquires', '__counted_by', '__counted_by_le', '__counted_by_be', '__alloc_size', '__alloc_size__', '__realloc_size',
  '__assume_aligned', '__alias', '__copy', '__mode', '__cleanup', '__free', '__diagnose_as', '__no_sanitize', '__nonnull', '__compiletime_error',
  '__compiletime_warning', '__pass_object_size', '__pass_dynamic_object_size', '__bootdata', '__bootdata_preserved',
]);

export function isAnnotationWord(word: string): boolean {
  return words.has(word);
}

export function isAttributeHead(word: string): boolean {
  return heads.has(word);
}
