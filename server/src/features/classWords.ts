/** What triggers a site, in a few words for a hint; `unknown` says so. */
const words: Readonly<Record<string, string>> = {
  'fork-exec': 'every fork and exec',
  thread: 'every thread',
  socket: 'every socket',
  route: 'every route',
  tc: 'every tc filter',
  netns: 'every netns',
  cgroup: 'every cgroup',
  mount: 'every mount',
  'bpf-prog': 'every BPF program',
  'bpf-map': 'every BPF map',
  netdev: 'every netdev',
  disk: 'every disk',
  'user-request': 'on user request',
  'cpu-hotplug': 'CPU hotplug',
  'device-probe': 'every device probed',
  'module-load': 'module load',
  boot: 'boot',
  unknown: 'trigger unknown',
};

export function triggerWords(frequencyClass: string): string {
  return words[frequencyClass] ?? frequencyClass;
}

/**
 * Classes that create objects more often than mounts do: there a site has a hint and a lens whatever its size.
 * Elsewhere cost is an answer on request.
 */
const hot: ReadonlySet<string> = new Set(['fork-exec', 'thread', 'socket', 'route', 'tc', 'netns', 'cgroup']);

export function isHot(frequencyClass: string): boolean {
  return hot.has(frequencyClass);
}
