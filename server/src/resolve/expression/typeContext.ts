import type { TypeExpression } from '../../facts/fileFacts';
import type { Abi } from '../../kernel/abi';

/** What expressions need to know about the types and names where they stand. All may throw Unresolved. */
export interface TypeContext {
  readonly abi: Abi;
  readonly isTypeName: (name: string) => boolean;
  /** Value and scalar type of an enumerator; undefined where the name is none. */
  readonly enumerator: (name: string) => { readonly value: bigint; readonly type: string } | undefined;
  /** Declared type of a variable, parameter or function; undefined where none is found. */
  readonly variable: (name: string) => TypeExpression | undefined;
  readonly layout: (type: TypeExpression) => { readonly size: number; readonly align: number };
  /** The type behind typedefs, `typeof` and macros: scalar, tagged, inline, pointer, array or function. */
  readonly strip: (type: TypeExpression) => TypeExpression;
  /** A member by name, through anonymous records; its offset in bytes. */
  readonly member: (type: TypeExpression, name: string) => { readonly type: TypeExpression; readonly offset: number };
}
