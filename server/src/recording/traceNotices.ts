/** What a trace says about itself, beside its events. */
export interface Notices {
  lines: number;
  eventLines: number;
  /** Events that the header promises. */
  announced: number | null;
  /** Events that the header says were written over before the trace was read. */
  overwritten: number;
  /** Events lost on the way, and where the count is not told, 1. */
  lost: number;
  /** Lines that are neither events nor comments. */
  unread: number;
  /** The last line has no end. */
  cutOff: boolean;
}

export function noNotices(): Notices {
  return { lines: 0, eventLines: 0, announced: null, overwritten: 0, lost: 0, unread: 0, cutOff: false };
}

/** Takes note of a line that is no event. True when it says that events were lost at this place. */
export function readNotice(line: string, notices: Notices): boolean {
  const entries = /entries-in-buffer\/entries-written: (\d+)\/(\d+)/.exec(line);
  if (entries !== null) {
    notices.announced = Number(entries[1]);
    notices.overwritten = Number(entries[2]) - Number(entries[1]);
    return false;
  }
  const lost = /\bLOST (\d+)? ?EVENTS|\b(\d+)? ?EVENTS (?:DROPPED|LOST)|PERF_RECORD_LOST(?:_SAMPLES)?:? .*?(\d+)\s*$/i.exec(line);
  if (lost !== null) {
    notices.lost += Number(lost[1] ?? lost[2] ?? lost[3] ?? 1);
    return true;
  }
  const trimmed = line.trim();
  if (trimmed !== '' && !trimmed.startsWith('#') && !/^(cpus=|version =|CPU \d+ is empty)/.test(trimmed)) notices.unread += 1;
  return false;
}
