import type { Finding } from '../rules/rule';

/** What is to stand in the place of a finding's fix; null where the text is not what the fix was made for. */
export function fixedText(text: string, { fix }: Pick<Finding, 'fix'>): string | null {
  if (fix === null) return null;
  const before = text.slice(fix.span.start, fix.span.end);
  return fix.expected.test(before) ? before.replace(fix.expected, fix.replacement) : null;
}

/**
 * The comment that suppresses a finding, on a line of its own before the call's. It has no reason yet and decides
 * nothing until one is written.
 */
export function ignoreComment(text: string, { rule, site }: Pick<Finding, 'rule' | 'site'>): { readonly offset: number; readonly text: string } {
  const offset = text.lastIndexOf('\n', site.fact.span.start - 1) + 1;
  const indent = /^[ \t]*/.exec(text.slice(offset))?.[0] ?? '';
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  return { offset, text: `${indent}/* percpu-lens: ignore ${rule}: */${lineEnd}` };
}
