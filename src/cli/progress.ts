import process from 'node:process';
import ora from 'ora';

/** Shows the progress of steps: a spinner in a terminal, plain lines elsewhere. */
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
  return {
    async step(title, work, done = () => title) {
      const began = Date.now();
      let updated = began;
      const update = (text: string) => {
        if (spinner) spinner.text = text;
        else if (Date.now() - updated >= PLAIN_UPDATE_MS) {
          updated = Date.now();
          stream.write(`  ${text}\n`);
        }
      };
      if (spinner) spinner.start(title);
      else stream.write(`- ${title} …\n`);
      try {
        const result = await work(update);
        const text = `${done(result)} (${((Date.now() - began) / 1_000).toFixed(1)} s)`;
        if (spinner) spinner.succeed(text);
        else stream.write(`✔ ${text}\n`);
        return result;
      } catch (error) {
        if (spinner) spinner.fail(title);
        else stream.write(`✖ ${title}\n`);
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
