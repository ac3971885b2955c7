import process from 'node:process';
import ora from 'ora';

/** Shows the progress of steps, of which several may run at once: a spinner in a terminal, plain lines elsewhere. */
export type Progress = {
  /** Runs one step, and shows that it runs, its updates, and its result. */
  step<T>(
    title: string,
    work: (update: (text: string) => void) => Promise<T>,
    done?: (result: T) => string,
  ): Promise<T>;
  /** Prints one line above a running spinner. */
  line(text: string): void;
};

const PLAIN_UPDATE_MS = 10_000;

/** Progress on standard output. */
export function createProgress(stream: NodeJS.WriteStream = process.stdout): Progress {
  // Without ora's raw keyboard mode, which would swallow Ctrl-C.
  // Without a spinner where the terminal has no width (as in some CI systems), where it would clear lines forever.
  const spinner = stream.isTTY && stream.columns > 0 ? ora({ stream, discardStdin: false }) : undefined;
  /** The text of each running step. */
  const running = new Map<object, string>();
  const describe = () => [...running.values()].join(' · ');
  const finish = (step: object, symbol: string, text: string) => {
    running.delete(step);
    if (!spinner) return void stream.write(`${symbol} ${text}\n`);
    if (symbol === '✔') spinner.succeed(text);
    else spinner.fail(text);
    if (running.size > 0) spinner.start(describe());
  };
  return {
    async step(title, work, done = () => title) {
      const step = {};
      const began = Date.now();
      let updated = began;
      running.set(step, title);
      const update = (text: string) => {
        running.set(step, text);
        if (spinner) spinner.text = describe();
        else if (Date.now() - updated >= PLAIN_UPDATE_MS) {
          updated = Date.now();
          stream.write(`  ${text}\n`);
        }
      };
      if (spinner) spinner.start(describe());
      else stream.write(`- ${title} …\n`);
      try {
        const result = await work(update);
        finish(step, '✔', `${done(result)} (${((Date.now() - began) / 1_000).toFixed(1)} s)`);
        return result;
      } catch (error) {
        finish(step, '✖', title);
        throw error;
      }
    },
    line(text) {
      const spins = spinner?.isSpinning;
      if (spins) spinner?.clear();
      stream.write(`${text}\n`);
      if (spins) spinner?.render();
    },
  };
}
