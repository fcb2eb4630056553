import { changeText, type EditorComparison } from '../diff/editorComparison';
import type { Block } from './page';

/** What a hover says of a site while the tree is compared with another state. */
export function comparisonBlocks(comparison: EditorComparison, name: string, siteId: string): readonly Block[] {
  const change = comparison.changes.find(({ after }) => after?.id === siteId);
  const told = change === undefined ? 'as before' : `${change.change}: ${changeText(change)}`;
  return [{ kind: 'lines', lines: [['compared with ', { code: name }, `: ${told}`]] }];
}
