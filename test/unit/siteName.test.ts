import { describe, expect, it } from 'vitest';
import { siteName } from '../../server/src/features/siteName';

describe('what a site is called', () => {
  it.each([
    [{ api: 'alloc_percpu', function: 'new_mount', variable: null }, 'alloc_percpu in new_mount'],
    [{ api: 'DEFINE_PER_CPU', function: null, variable: 'runqueues' }, 'DEFINE_PER_CPU of runqueues'],
    [{ api: 'DEFINE_PER_CPU', function: 'setup', variable: 'calls' }, 'DEFINE_PER_CPU in setup'],
    [{ api: 'alloc_percpu', function: null, variable: null }, 'alloc_percpu in file scope'],
  ])('%o', (site, name) => {
    expect(siteName(site)).toBe(name);
  });
});
