import type { TypeExpression } from '../../facts/fileFacts';

/** A C expression as far as constants and types need it. */
export type Expression =
  | { readonly kind: 'number'; readonly value: bigint; readonly type: string }
  | { readonly kind: 'string'; readonly length: number }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: Expression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'conditional'; readonly condition: Expression; readonly then: Expression | null; readonly otherwise: Expression }
  | { readonly kind: 'cast'; readonly type: TypeExpression; readonly operand: Expression }
  | { readonly kind: 'literal'; readonly type: TypeExpression }
  | { readonly kind: 'typeMeasure'; readonly measure: 'size' | 'align'; readonly type: TypeExpression }
  | { readonly kind: 'measure'; readonly measure: 'size' | 'align'; readonly operand: Expression }
  | { readonly kind: 'call'; readonly callee: Expression; readonly arguments: readonly Expression[] }
  | { readonly kind: 'member'; readonly of: Expression; readonly name: string; readonly arrow: boolean }
  | { readonly kind: 'index'; readonly of: Expression; readonly index: Expression }
  | { readonly kind: 'offset'; readonly type: TypeExpression; readonly path: readonly OffsetStep[] }
  | { readonly kind: 'compatible'; readonly left: TypeExpression; readonly right: TypeExpression }
  | { readonly kind: 'generic'; readonly control: Expression; readonly associations: readonly Association[] }
  | { readonly kind: 'unsupported'; readonly what: string };

/** One step of an `offsetof` designator. */
export type OffsetStep = { readonly member: string } | { readonly index: Expression };

export interface Association {
  /** Null for `default`. */
  readonly type: TypeExpression | null;
  readonly value: Expression;
}
