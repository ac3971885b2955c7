import process from 'node:process';

/** Functions that stop what was started, called in reverse order even after an error. */
export type Stops = (() => void | Promise<void>)[];

/**
 * Runs a command that starts servers, and stops them when it ends, fails or is interrupted by SIGINT or SIGTERM. An
 * interrupted command ends the process with code 130.
 *
 * @returns undefined if it was interrupted: its requests fail when their server is stopped by the user
 */
export async function runWithStops<T>(command: (stops: Stops) => Promise<T>): Promise<T | undefined> {
  const stops: Stops = [];
  let interrupted = false;
  const stop = async () => {
    // A server that cannot be stopped must not keep the others running.
    for (const undo of stops.splice(0).reverse())
      await (async () => undo())().catch((error) => console.error(`  not stopped: ${error}`));
  };
  const interrupt = () => {
    if (interrupted) return;
    interrupted = true;
    void stop().finally(() => process.exit(130));
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt);
  try {
    return await command(stops);
  } catch (error) {
    if (!interrupted) throw error;
    return undefined;
  } finally {
    if (!interrupted) await stop();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupt);
  }
}
