import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { beforeAll, expect, inject, test } from 'vitest';
import { PAYLOAD_CONVERTER } from '../../src/temporal/connection.ts';
import { readHistoryFile, replayHistory, serializeHistory } from '../../src/testing/replay.ts';

const DIR = fileURLToPath(new URL('./histories', import.meta.url));
const goldens = readdirSync(DIR).filter((file) => file.endsWith('.json'));

test('at least four golden histories exist', () => {
  expect(goldens.length).toBeGreaterThanOrEqual(4);
});

test.each(goldens)('golden %s replays on the current code', async (file) => {
  const history = await readHistoryFile(`${DIR}/${file}`);
  await replayHistory(history, {
    bundle: { codePath: inject('workflowBundlePath') },
    workflowId: `golden/${file}`,
  });
});

test('a history survives a round trip through JSON and replays (a second protobufjs would break it)', async () => {
  const first = await readHistoryFile(`${DIR}/${goldens[0]}`);
  const text = serializeHistory(first);
  const { historyFromJSON } = await import('@temporalio/common/lib/proto-utils.js');
  const again = historyFromJSON(JSON.parse(text));
  expect(again.events?.length).toBe(first.events?.length);
  expect(serializeHistory(again)).toBe(text);
  await replayHistory(again, { bundle: { codePath: inject('workflowBundlePath') } });
});

let reordered: { code: string };
beforeAll(async () => {
  const workflowsPath = fileURLToPath(new URL('./control/index.ts', import.meta.url));
  reordered = await bundleWorkflowCode({ workflowsPath, payloadConverterPath: PAYLOAD_CONVERTER });
});

test.each(goldens)('negative control: %s refuses reordered code', async (file) => {
  const history = await readHistoryFile(`${DIR}/${file}`);
  await expect(replayHistory(history, { bundle: reordered })).rejects.toMatchObject({
    name: 'DeterminismViolationError',
  });
});
