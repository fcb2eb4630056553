/**
 * What a hover says, before it is Markdown or plain text: the pages of this folder are written once and shown by any
 * client. Text of the source may hold any character; only `markdown.ts` knows what acts there.
 */

export type Piece = string | { readonly code: string } | { readonly strong: string };
/** Pieces that follow one another without anything between them. */
export type Phrase = readonly Piece[];

export type Block =
  | { readonly kind: 'title'; readonly phrase: Phrase }
  /** Lines under one another, to be taken in at a glance. */
  | { readonly kind: 'lines'; readonly lines: readonly Phrase[] }
  | { readonly kind: 'table'; readonly head: readonly Phrase[]; readonly rows: readonly (readonly Phrase[])[] }
  | { readonly kind: 'note'; readonly phrase: Phrase }
  | { readonly kind: 'links'; readonly links: readonly Link[] };

/** A command of our own client, and what it is called with. */
export interface Link {
  readonly title: string;
  readonly command: string;
  readonly argument: unknown;
}

export type Page = readonly Block[];

/** The phrases one after the other, with a separator between them; empty ones are left out. */
export function joined(phrases: readonly Phrase[], separator = ' · '): Phrase {
  return phrases.filter((phrase) => phrase.length > 0).flatMap((phrase, index) => (index === 0 ? phrase : [separator, ...phrase]));
}
