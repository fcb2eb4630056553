import type Parser from 'tree-sitter';

/**
 * A node of a syntax tree as a plain object, independent of the parser's memory. Types and fields are those of
 * tree-sitter-c (`call_expression` with fields `function` and `arguments`, …); `ERROR` marks what it could not read.
 */
export interface SyntaxNode {
  readonly type: string;
  /** The field of the parent that it fills; null where none. */
  readonly field: string | null;
  readonly start: number;
  readonly end: number;
  /** False for punctuation and keywords. */
  readonly named: boolean;
  readonly children: readonly SyntaxNode[];
}

interface Growing extends SyntaxNode {
  readonly children: Growing[];
}

/**
 * Copies a tree, with `base` added to its offsets. With `places` (offsets after that addition, ascending) only the
 * nodes that hold one of them have their children copied: their surroundings at a fraction of the cost. Walks
 * without recursion, since hostile text can nest deeply.
 */
export function plainTree(tree: Parser.Tree, base: number, places?: readonly number[]): SyntaxNode {
  const cursor = tree.walk();
  const root = copyNode(cursor, base);
  const above: Growing[] = [];
  let node = root;
  for (;;) {
    if (holdsPlace(node, places) && cursor.gotoFirstChild()) above.push(node);
    else {
      while (!cursor.gotoNextSibling()) {
        if (!cursor.gotoParent() || above.pop() === undefined) return root;
      }
    }
    node = copyNode(cursor, base);
    above.at(-1)?.children.push(node);
  }
}

function holdsPlace(node: SyntaxNode, places: readonly number[] | undefined): boolean {
  if (places === undefined) return true;
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle] ?? 0) < node.start) low = middle + 1;
    else high = middle;
  }
  return (places[low] ?? Infinity) < node.end;
}

function copyNode(cursor: Parser.TreeCursor, base: number): Growing {
  const field = (cursor as { readonly currentFieldName: string | undefined }).currentFieldName;
  return {
    type: cursor.nodeType,
    field: field ?? null,
    start: base + cursor.startIndex,
    end: base + cursor.endIndex,
    named: cursor.nodeIsNamed,
    children: [],
  };
}

export function namedChildren(node: SyntaxNode): readonly SyntaxNode[] {
  return node.children.filter((child) => child.named);
}

export function childIn(node: SyntaxNode, field: string): SyntaxNode | undefined {
  return node.children.find((child) => child.field === field);
}

/** The nodes around `offset`, outermost first: each contains it, the last is the smallest. */
export function pathTo(root: SyntaxNode, offset: number): readonly SyntaxNode[] {
  const path = [root];
  for (let node: SyntaxNode | undefined = root; node !== undefined;) {
    node = childAt(node.children, offset);
    if (node !== undefined) path.push(node);
  }
  return path;
}

function childAt(children: readonly SyntaxNode[], offset: number): SyntaxNode | undefined {
  let low = 0;
  let high = children.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((children[middle]?.end ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  const child = children[low];
  return child !== undefined && child.start <= offset ? child : undefined;
}

/** Every node of the type, outermost first, in the order of the text. */
export function nodesOfType(root: SyntaxNode, type: string): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.type === type) found.push(node);
    for (let at = node.children.length - 1; at >= 0; at--) {
      const child = node.children[at];
      if (child !== undefined) waiting.push(child);
    }
  }
  return found;
}
