/** Items of one task: a few milliseconds of evaluating sites. */
const perTask = 500;

/** Does something with every index below `count` over several tasks of the page; false where it is no longer wanted. */
export async function inSlices(count: number, isWanted: () => boolean, work: (index: number) => void): Promise<boolean> {
  for (let from = 0; from < count; from += perTask) {
    for (let index = from; index < Math.min(from + perTask, count); index += 1) work(index);
    if (!(await inNextTask(isWanted))) return false;
  }
  return isWanted();
}

/** Gives way to the page; whether what is to come is still wanted then. */
export async function inNextTask(isWanted: () => boolean): Promise<boolean> {
  await new Promise((resolve) => setTimeout(resolve));
  return isWanted();
}
