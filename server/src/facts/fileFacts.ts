import type { ApiFamily, SiteKind } from '../kernel/api';
import type { Span } from '../util/text';
import type { Linkage } from './linkage';
import type { ObjectMemoryFact } from './objectMemory';
import type { SaidFact } from './saidDigest';
import type { SuppressionComment } from './suppressionComments';

/**
 * The facts of one file: a pure function of its text and the API names, serialisable as JSON, without
 * sizes and without configuration. Every `#if` branch is kept, each fact with its condition.
 * Offsets are UTF-16 code units into the file's text.
 */
export interface FileFacts extends Linkage {
  readonly functions: readonly FunctionFact[];
  readonly sites: readonly SiteFact[];
  readonly calls: readonly CallFact[];
  /** Empty unless asked for: sizes are laid out from definitions found on demand. */
  readonly types: readonly TypeFact[];
  readonly tables: readonly TableFact[];
  readonly registrations: readonly RegistrationFact[];
  readonly macros: readonly MacroFact[];
  /** Empty where the file creates no percpu memory. */
  readonly objectMemory: readonly ObjectMemoryFact[];
  readonly flows: readonly FlowFact[];
  /** As written, with their delimiters: `<linux/percpu.h>`, `"own.h"`. */
  readonly includes: readonly string[];
  /** What could not be analysed, and why; never stops the rest. */
  readonly problems: readonly ProblemFact[];
  /** Null unless asked for. */
  readonly said: SaidFact | null;
}

/** The conjunction of the enclosing `#if`s, e.g. `defined(CONFIG_SMP) && !(X > 2)`; null outside any. */
export type Condition = string | null;

export interface FunctionFact {
  /** As people write it: `SYSCALL_DEFINE1(swapoff)` for a syscall body, else the identifier. */
  readonly name: string;
  readonly span: Span;
  readonly nameSpan: Span;
  readonly isStatic: boolean;
  /** Annotations that decide when it can run: `__init`, `__exit`, `__net_init`, `__meminit` … */
  readonly annotations: readonly string[];
  readonly parameters: readonly ParameterFact[];
  readonly condition: Condition;
}

export interface ParameterFact {
  readonly name: string | null;
  readonly type: TypeExpression;
}

export interface SiteFact {
  readonly api: string;
  readonly family: ApiFamily;
  readonly kind: SiteKind;
  /** The call from the API name to the closing parenthesis. */
  readonly span: Span;
  readonly nameSpan: Span;
  /** One-based. */
  readonly line: number;
  /** One-based, in UTF-8 bytes. */
  readonly column: number;
  /** Enclosing function or macro; null at file scope. */
  readonly function: string | null;
  readonly inMacro: boolean;
  /** Argument texts as written, white space and comments folded to single spaces. */
  readonly arguments: readonly string[];
  /** What the result is assigned to (`mm->pcpu_cid`), as written; null where it is not. */
  readonly assignedTo: string | null;
  /** Innermost loop statement around the site (`for_each_possible_cpu(cpu)`, `for`, `while`); null outside loops. */
  readonly loop: string | null;
  readonly condition: Condition;
  /** Comments that ask for silence about it; absent where there are none. */
  readonly suppressions?: readonly SuppressionComment[];
}

export interface CallFact {
  readonly callee: string;
  /** Enclosing function or macro; null at file scope. */
  readonly caller: string | null;
  readonly offset: number;
}

/** A struct, union, enum or typedef as defined, unresolved. */
export type TypeFact = RecordFact | EnumFact | TypedefFact;

export interface RecordFact {
  readonly kind: 'struct' | 'union';
  readonly name: string | null;
  readonly members: readonly MemberFact[];
  readonly packed: boolean;
  /** Largest alignment of its members by a `#pragma pack` in force; null without one or where it is not known. */
  readonly pack: number | null;
  /** Alignment attributes as written: the expression, or the name of a cacheline annotation. */
  readonly aligned: readonly string[];
  readonly span: Span;
  readonly condition: Condition;
}

export interface MemberFact {
  /** Null for an anonymous struct, union or padding bit-field. */
  readonly name: string | null;
  readonly type: TypeExpression;
  /** Width expression of a bit-field. */
  readonly bits: string | null;
  readonly packed: boolean;
  readonly aligned: readonly string[];
  readonly condition: Condition;
}

export interface EnumFact {
  readonly kind: 'enum';
  readonly name: string | null;
  readonly enumerators: readonly { readonly name: string; readonly value: string | null; readonly condition: Condition }[];
  readonly packed: boolean;
  readonly span: Span;
  readonly condition: Condition;
}

export interface TypedefFact {
  readonly kind: 'typedef';
  readonly name: string;
  readonly type: TypeExpression;
  readonly aligned: readonly string[];
  readonly span: Span;
  readonly condition: Condition;
}

/** A C type as written: enough to lay it out once names can be looked up. */
export type TypeExpression =
  | { readonly kind: 'scalar'; readonly name: string }
  | { readonly kind: 'tagged'; readonly tag: 'struct' | 'union' | 'enum'; readonly name: string }
  | { readonly kind: 'inline'; readonly definition: RecordFact | EnumFact }
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'pointer'; readonly to: TypeExpression }
  | { readonly kind: 'array'; readonly of: TypeExpression; readonly length: string | null }
  | { readonly kind: 'function'; readonly returns: TypeExpression }
  | { readonly kind: 'typeof'; readonly expression: string }
  | { readonly kind: 'macro'; readonly text: string };

/**
 * An initialised operation table or registration structure: `static struct pernet_operations x = { .init = f }` has
 * type `pernet_operations` and the field `init`. Members of members are `outer.inner`; elements of an array come one
 * after the other; values without a name or string in them are left out.
 */
export interface TableFact {
  readonly type: string;
  readonly name: string;
  readonly fields: readonly { readonly field: string; readonly value: string }[];
  readonly span: Span;
  readonly condition: Condition;
}

/** `module_init(f)`, `fs_initcall(f)`, `module_platform_driver(d)`, `__setup("x=", f)` … at file scope, with what is registered. */
export interface RegistrationFact {
  readonly macro: string;
  readonly argument: string;
  readonly offset: number;
}

export interface MacroFact {
  readonly name: string;
  /** Null for an object-like macro. */
  readonly parameters: readonly string[] | null;
  readonly body: string;
  readonly span: Span;
  readonly condition: Condition;
}

/** What the statements of a function say of a site that creates or sums up percpu memory; there is none where they say nothing. */
export interface FlowFact {
  /** Start of the site's span. */
  readonly site: number;
  /** The innermost section in which nothing may sleep and that is open on every way to the site; null outside any. */
  readonly atomic: FlowPlace | null;
  /** Its outcome is tested before anything else is done with it. */
  readonly checked: boolean;
  /** Every call of the function comes to it. */
  readonly always: boolean;
  /** Places at which what it created cannot be named any more and was not released. */
  readonly lost: readonly FlowPlace[];
}

export interface FlowPlace {
  /** The call or word there, as written: `spin_lock(&room->lock)`, `kfree(room)`, `return`. */
  readonly text: string;
  readonly offset: number;
  /** One-based. */
  readonly line: number;
}

export interface ProblemFact {
  readonly span: Span;
  readonly reason: string;
}
