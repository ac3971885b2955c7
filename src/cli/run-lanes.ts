/** Runs these at the same time. The first failure aborts the signal of the others, and is thrown. */
export async function runLanes(lanes: readonly ((signal: AbortSignal) => Promise<void>)[]): Promise<void> {
  const failed = new AbortController();
  await Promise.all(
    lanes.map(async (run) => {
      try {
        await run(failed.signal);
      } catch (error) {
        // The other lanes fail only because the first failure aborted them.
        if (failed.signal.aborted) return;
        failed.abort();
        throw error;
      }
    }),
  );
}
