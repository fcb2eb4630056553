import type { Form, FormField } from '../util/form';

export interface FormAt {
  readonly form: Form;
  /** The field that it is the value of; null at the top, in lists and for names of the writer. */
  readonly field: FormField | null;
}

/** What may stand where keys lead; undefined where nothing may. Items of lists are `[]` or their number. */
export function formAt(top: Form, path: readonly string[]): FormAt | undefined {
  let at: FormAt = { form: top, field: null };
  for (const key of path) {
    const next = inside(at.form, key);
    if (next === undefined) return undefined;
    at = next;
  }
  return at;
}

function inside(form: Form, key: string): FormAt | undefined {
  switch (form.kind) {
    case 'table': {
      const field = form.fields.get(key);
      return field === undefined ? undefined : { form: field.form, field };
    }
    case 'map':
      return form.names?.includes(key) === false ? undefined : { form: form.value, field: null };
    case 'list':
      return { form: form.item, field: null };
    case 'named':
      return inside(form.form(), key);
    case 'either':
      return form.forms.map((one) => inside(one, key)).find((found) => found !== undefined);
    default:
      return undefined;
  }
}

/** The table behind a form, through lists, names and choices; undefined where there is none. */
export function tableIn(form: Form): Extract<Form, { kind: 'table' | 'map' }> | undefined {
  switch (form.kind) {
    case 'table':
    case 'map':
      return form;
    case 'list':
      return tableIn(form.item);
    case 'named':
      return tableIn(form.form());
    case 'either':
      return form.forms.map(tableIn).find((found) => found !== undefined);
    default:
      return undefined;
  }
}
