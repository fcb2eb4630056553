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
  | { readonly kind: 'state'; readonly state: TreeState }
  | { readonly kind: 'refused'; readonly reason: string };
