/** Gives way to the page; whether what is to come is still wanted then. */
export async function inNextTask(isWanted: () => boolean): Promise<boolean> {
  await new Promise((resolve) => setTimeout(resolve));
  return isWanted();
}
