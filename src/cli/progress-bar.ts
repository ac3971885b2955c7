import process from 'node:process';
import { Presets, SingleBar } from 'cli-progress';

/** Shows the progress of one task. */
export interface Bar {
  update(value: number): void;
  stop(): void;
}

const PLAIN_EVERY_MS = 5_000;

/** A progress bar in a terminal. Elsewhere it prints a line every few seconds, and always the last value. */
export function createBar(title: string, total: number, stream: NodeJS.WriteStream = process.stdout): Bar {
  if (stream.isTTY) {
    const bar = new SingleBar(
      { stream, hideCursor: true, format: `${title.padEnd(9)} {bar} {value}/{total}  {eta_formatted}` },
      Presets.shades_classic,
    );
    bar.start(total, 0);
    return { update: (value) => bar.update(value), stop: () => bar.stop() };
  }
  let shown = Date.now();
  let last = -1;
  const show = (value: number) => {
    if (value === last) return;
    last = value;
    shown = Date.now();
    stream.write(`${title}: ${value}/${total}\n`);
  };
  let value = 0;
  return {
    update(next) {
      value = next;
      if (Date.now() - shown >= PLAIN_EVERY_MS) show(value);
    },
    stop: () => show(value),
  };
}
