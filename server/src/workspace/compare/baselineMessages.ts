import type { Api } from '../../kernel/api';
import type { KernelVersion } from '../../kernel/version';
import type { TreeState } from './treeState';

/** Server → process that resolves a commit. */
export interface BaselineRequest {
  readonly root: string;
  readonly ref: string;
  readonly arch: 'x86_64' | 'arm64';
  readonly kconfig: string | null;
  readonly kernel: KernelVersion | null;
  readonly apis: readonly Api[];
  readonly cache: boolean;
  readonly processes: number;
}

export type BaselineReply =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'state'; readonly state: SentState }
  | { readonly kind: 'refused'; readonly reason: string };

/** A state as one process tells another: what it follows from stays where it was resolved. */
export type SentState = Omit<TreeState, 'basis'>;
