import process from 'node:process';
import ora from 'ora';

/** Shows what happens: a spinner in a terminal, plain lines elsewhere. */
export type Progress = {
  /** Runs one long step and shows that it runs, how far it is, and that it is done. */
  step<T>(
    title: string,
    work: (update: (text: string) => void) => Promise<T>,
    done?: (result: T) => string,
  ): Promise<T>;
  /** One line, above a running spinner. */
  line(text: string): void;
};

const PLAIN_UPDATE_MS = 10_000;

/** Progress on standard output. */
export function createProgress(stream: NodeJS.WriteStream = process.stdout): Progress {
  // Not its own raw mode for the keyboard: it would take Ctrl-C away from the terminal.
  // And not where the terminal has no width (some CI's): it would clear lines without end.
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
