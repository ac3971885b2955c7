import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createProgress } from '../../src/cli/progress.ts';

test('of steps that run at once, each prints when it begins and when it ends', async () => {
  const stream = new PassThrough();
  const progress = createProgress(stream as unknown as NodeJS.WriteStream);
  let endFirst: (value: string) => void = () => {};
  const first = progress.step(
    'Postgres',
    () => new Promise<string>((resolve) => (endFirst = resolve)),
    (version) => `Postgres ${version}`,
  );
  const failed = progress.step('Temporal', () => Promise.reject(new Error('no port')));
  await expect(failed).rejects.toThrow('no port');
  endFirst('18');
  await first;
  const lines = String(stream.read()).trim().split('\n');
  expect(lines).toEqual([
    '- Postgres …',
    '- Temporal …',
    '✖ Temporal',
    expect.stringMatching(/^✔ Postgres 18 \(\d+\.\d s\)$/),
  ]);
});
