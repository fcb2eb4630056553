import type { FileFacts, FunctionFact } from '../facts/fileFacts';
import { noRuleFacts, type RuleFacts, ruleFactsOf } from '../resolve/ruleFacts';
import type { ResolvedSite } from '../resolve/resolvedSite';
import { provisionalSites, settledSites } from './openDocument';
import type { SnapshotSite } from './snapshot';

export interface OpenFilesOptions {
  /** Sites and functions of a text, at once. */
  readonly factsOf: FactsOf;
  /** The same resolved over the tree, in time; rejects when the analysis is gone. */
  readonly resolve: (file: string, text: string) => Promise<readonly ResolvedSite[]>;
  /** What the index knows of the file on disk. */
  readonly indexed: (file: string) => readonly SnapshotSite[];
  readonly onChange: () => void;
}

export type FactsOf = (file: string, text: string) => Pick<FileFacts, 'sites' | 'functions' | 'flows' | 'registrations' | 'problems'>;

/** The documents that are open in an editor, with their sites as edited. */
export interface OpenFiles {
  sites(): ReadonlyMap<string, readonly SnapshotSite[]>;
  functions(): ReadonlyMap<string, readonly FunctionFact[]>;
  ruleFacts(): ReadonlyMap<string, RuleFacts>;
  edit(file: string, text: string): void;
  close(file: string): void;
  /** Resolves when the document's sites are settled, or after `patience` ms. */
  settled(file: string, patience: number): Promise<void>;
  /** Resolves all anew: what the tree says about them has changed. */
  refresh(): void;
  stop(): void;
}

interface OpenFile {
  text: string;
  edition: number;
  sites: readonly SnapshotSite[];
  functions: readonly FunctionFact[];
  ruleFacts: RuleFacts;
  timer: NodeJS.Timeout | undefined;
  waiting: (() => void)[];
}

/** Typing pauses shorter than this do not start a new resolution, ms. */
const editPause = 150;

export function createOpenFiles(options: OpenFilesOptions): OpenFiles {
  const open = new Map<string, OpenFile>();

  const wake = (document: OpenFile): void => document.waiting.splice(0).forEach((waiter) => waiter());

  const resolve = async (file: string, document: OpenFile): Promise<void> => {
    const { edition } = document;
    try {
      const sites = await options.resolve(file, document.text);
      if (document.edition !== edition || open.get(file) !== document) return;
      document.sites = settledSites(file, sites);
      options.onChange();
    } catch {
      // The analysis is gone and says so itself; whoever waits gets what is known.
    }
    wake(document);
  };
  const schedule = (file: string, document: OpenFile, pause: number): void => {
    clearTimeout(document.timer);
    document.timer = setTimeout(() => void resolve(file, document), pause);
  };

  return {
    sites: () => new Map([...open].map(([file, document]) => [file, document.sites])),
    functions: () => new Map([...open].map(([file, document]) => [file, document.functions])),
    ruleFacts: () => new Map([...open].map(([file, document]) => [file, document.ruleFacts])),
    edit: (file, text) => {
      const earlier = open.get(file);
      const known = earlier?.sites ?? options.indexed(file);
      const document: OpenFile = earlier ?? { text, edition: 0, sites: known, functions: [], ruleFacts: noRuleFacts, timer: undefined, waiting: [] };
      const facts = options.factsOf(file, text);
      document.text = text;
      document.edition++;
      document.functions = facts.functions;
      document.ruleFacts = ruleFactsOf(facts, facts.problems.filter(({ reason }) => reason.includes('percpu-lens')));
      document.sites = provisionalSites(file, facts.sites, known);
      open.set(file, document);
      schedule(file, document, earlier === undefined ? 0 : editPause);
      options.onChange();
    },
    close: (file) => {
      const document = open.get(file);
      if (document === undefined) return;
      clearTimeout(document.timer);
      open.delete(file);
      wake(document);
      options.onChange();
    },
    settled: (file, patience) => {
      const document = open.get(file);
      if (document === undefined || document.sites.every((site) => site.settled)) return Promise.resolve();
      return new Promise((done) => {
        const timer = setTimeout(done, patience);
        document.waiting.push(() => {
          clearTimeout(timer);
          done();
        });
      });
    },
    refresh: () => {
      for (const [file, document] of open) schedule(file, document, 0);
    },
    stop: () => {
      for (const document of open.values()) clearTimeout(document.timer);
    },
  };
}
