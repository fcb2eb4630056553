/** What may stand at a place of a file that people write, as data: for checks, completion, hovers and the JSON schema. */
export type Form =
  | { readonly kind: 'table'; readonly fields: ReadonlyMap<string, FormField> }
  /** Names that the writer chooses, or takes from `names`, each with a value of one form. */
  | { readonly kind: 'map'; readonly names: readonly string[] | null; readonly value: Form }
  | { readonly kind: 'list'; readonly item: Form }
  | { readonly kind: 'text'; readonly choices: readonly string[] | null }
  | { readonly kind: 'whole'; readonly least: number; readonly most: number }
  | { readonly kind: 'amount'; readonly least: number; readonly most: number }
  | { readonly kind: 'flag' }
  /** A number, or low and high, or low, mid and high. */
  | { readonly kind: 'spread'; readonly least: number; readonly most: number }
  | { readonly kind: 'either'; readonly forms: readonly Form[] }
  /** A form that holds itself somewhere below. */
  | { readonly kind: 'named'; readonly name: string; readonly form: () => Form };

export interface FormField {
  readonly form: Form;
  /** What it means, its unit and its default, in a sentence or two. */
  readonly doc: string;
  readonly required: boolean;
}

/** "a whole number from 1 to 8192": what a value has to be. */
export function expected(form: Form): string {
  switch (form.kind) {
    case 'table':
    case 'map': return 'a table';
    case 'list': return `a list; each item ${expected(form.item)}`;
    case 'text': return form.choices === null ? 'text in quotes' : `one of ${form.choices.map((one) => `"${one}"`).join(', ')}`;
    case 'whole': return `a whole number from ${form.least} to ${form.most}`;
    case 'amount': return `a number from ${form.least} to ${form.most}`;
    case 'flag': return 'true or false';
    case 'spread': return `a number from ${form.least} to ${form.most}, or low, mid and high in order`;
    case 'either': return form.forms.map(expected).join(', or ');
    case 'named': return expected(form.form());
  }
}
