import { foldText } from '../syntax/directives';
import type { SegmentTree } from '../syntax/parse';
import { childIn, pathTo, type SyntaxNode } from '../syntax/syntaxNode';
import type { Verdict } from './callTokens';

/** What the syntax tree says about the call whose name is at an offset. */
export interface TreeContext {
  readonly verdict: Verdict;
  readonly assignedTo: string | null;
  readonly loop: string | null;
  /** The tree has an error around the place: tokens know better. */
  readonly broken: boolean;
}

export function treeContext(tree: SegmentTree, text: string, offset: number): TreeContext {
  const path = pathTo(tree.root, offset);
  const call = path.findLastIndex((node) => node.type === 'call_expression' && childIn(node, 'function')?.start === offset);
  return {
    verdict: call !== -1 ? 'call' : isDeclarator(path, offset) ? 'none' : 'unclear',
    assignedTo: call === -1 ? null : assignedTo(path, call, text),
    loop: loopAround(path, tree, text),
    broken: path.some((node) => node.type === 'ERROR'),
  };
}

function isDeclarator(path: readonly SyntaxNode[], offset: number): boolean {
  return path.some((node, depth) =>
    node.type === 'function_declarator' && childIn(node, 'declarator')?.start === offset
    && !path.slice(0, depth).some((outer) => outer.type === 'ERROR'));
}

/** Nodes through which a value passes unchanged. */
const transparent: ReadonlySet<string> = new Set(['parenthesized_expression', 'cast_expression', 'conditional_expression']);

function assignedTo(path: readonly SyntaxNode[], call: number, text: string): string | null {
  for (let depth = call - 1; depth >= 0; depth--) {
    const node = path[depth];
    const inner = path[depth + 1];
    if (node === undefined || inner === undefined) return null;
    if (node.type === 'assignment_expression') {
      const left = childIn(node, 'left');
      return inner.field === 'right' && left !== undefined ? foldText(text.slice(left.start, left.end)) : null;
    }
    if (node.type === 'init_declarator') return inner.field === 'value' ? declaredName(node, text) : null;
    if (!transparent.has(node.type) || inner.field === 'condition') return null;
  }
  return null;
}

/** `p` of `struct x __percpu *p`, `a` of `a[3]`. */
function declaredName(node: SyntaxNode, text: string): string | null {
  const declarator = childIn(node, 'declarator');
  if (declarator === undefined) return null;
  const [name = ''] = text.slice(declarator.start, declarator.end).split('[', 1);
  return /[A-Za-z_$][\w$]*(?=\W*$)/.exec(name)?.[0] ?? null;
}

const loopNodes: Readonly<Record<string, string>> = { for_statement: 'for', while_statement: 'while', do_statement: 'do' };

/** The innermost loop whose body or repeated condition holds the place. */
function loopAround(path: readonly SyntaxNode[], tree: SegmentTree, text: string): string | null {
  for (let depth = path.length - 2; depth >= 0; depth--) {
    const node = path[depth];
    if (node === undefined || loopNodes[node.type] === undefined) continue;
    if (path[depth + 1]?.field === 'initializer') continue;
    const name = loopName(node, tree, text);
    if (name !== null) return name;
  }
  return null;
}

function loopName(node: SyntaxNode, tree: SegmentTree, text: string): string | null {
  const mask = tree.masked.loops.get(node.start);
  if (mask === undefined) return isOnce(node, text) ? null : (loopNodes[node.type] ?? null);
  const condition = childIn(node, 'condition');
  const word = text.slice(mask.span.start, mask.span.end);
  return isLoopMacro(word) ? foldText(`${word}${condition === undefined ? '' : text.slice(condition.start, condition.end)}`) : null;
}

/** `do { … } while (0)` runs once. */
function isOnce(node: SyntaxNode, text: string): boolean {
  const condition = childIn(node, 'condition');
  return node.type === 'do_statement' && condition !== undefined && /^\(\s*(?:0|false)\s*\)$/.test(text.slice(condition.start, condition.end));
}

/** By the kernel's naming: `list_for_each_entry`, `for_each_possible_cpu`; not `scoped_guard`, which runs once. */
export function isLoopMacro(word: string): boolean {
  return /for_?each|for_all|^for_|_for_each|while_each/i.test(word);
}
