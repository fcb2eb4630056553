import type { KernelVersion } from './version';

/** dyn: percpu memory itself · counter: percpu_counter · up: users one level up · static: DEFINE/DECLARE_PER_CPU. */
export type ApiFamily = 'dyn' | 'counter' | 'up' | 'static';

export type SiteKind =
  | 'alloc'
  | 'free'
  | 'init'
  | 'destroy'
  | 'update'
  | 'read'
  | 'sum'
  | 'define'
  | 'declare'
  | 'indirect';

/** Zero-based positions of the arguments that matter; absent where the API has no such argument. */
export interface ArgumentRoles {
  /** A type name (`alloc_percpu(struct x)`), for which size and alignment are taken. */
  readonly type?: number;
  readonly size?: number;
  readonly align?: number;
  readonly gfp?: number;
  /** The percpu pointer, counter, variable or object acted upon. */
  readonly target?: number;
  /** Number of elements (percpu_counter_init_many). */
  readonly count?: number;
  readonly amount?: number;
  /** How far an update may run ahead on one CPU before it is folded into the shared count (percpu_counter_add_batch). */
  readonly batch?: number;
}

/** One percpu area that an indirect initialiser allocates, per call. */
export interface AllocatedArea {
  /** Bytes per CPU: a number, or a C type of the kernel whose sizeof it is, or text saying what decides it. */
  readonly bytes: number | { readonly sizeof: string } | { readonly unknown: string };
  readonly align: number | { readonly alignof: string };
  readonly what: string;
  /** Absent: always. Else the condition in words (`reader hint only if alloc_hint`). */
  readonly condition?: string;
  /** Few callers meet the condition; those who do name this in an argument, the last one where that is a constant. */
  readonly askedBy?: string;
  /** A flag that asks to go without: calls that name it among their arguments have no such area. */
  readonly refusedBy?: string;
}

export interface Api {
  readonly name: string;
  readonly family: ApiFamily;
  readonly kind: SiteKind;
  readonly roles: ArgumentRoles;
  /** For indirect initialisers: what one call allocates per CPU; with a `count` role, per element. */
  readonly areas?: readonly AllocatedArea[];
  readonly since?: KernelVersion;
  /** First version without it. */
  readonly until?: KernelVersion;
  /** Kernel file where it is defined. */
  readonly source: string;
  /** A thin wrapper of another entry (`create_workqueue`): its bytes are those of the call inside it. */
  readonly wrapper?: true;
}
