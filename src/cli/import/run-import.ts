import process from 'node:process';
import type { EventTarget } from '../post-events.ts';
import { createBar } from '../progress-bar.ts';
import { checkUnits } from './check-units.ts';
import { identifyImport, readCheckpoint, removeCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { countLines } from './open-text.ts';
import type { Plan } from './read-plan.ts';
import { RejectedFile } from './rejected-file.ts';
import { sendBatches, toBatches } from './send-units.ts';

const CHECKPOINT_EVERY_MS = 500;

/** Sends what is not sent yet, and notes how far it has come. @param restart begins from the start */
export async function runImport(plan: Plan, target: EventTarget, restart: boolean) {
  const { file, read, notation, mapping, group, joins } = plan;
  const settings = { read, notation, mapping, group, joins: joins.map(({ def }) => def), url: target.url };
  const identity = await identifyImport(file, settings);
  if (restart) removeCheckpoint(plan.stateFile);
  const state = readCheckpoint(plan.stateFile, identity);
  const resumed = state.units;
  const rejectedFile = new RejectedFile(plan.rejectedFile, state.rejectedBytes);
  const bar = createBar('importing', await countLines(file));
  let saved = 0;
  const stopListening = onInterrupt(() => {
    bar.stop();
    writeCheckpoint(plan.stateFile, state);
    console.log(`\n${state.sent} events were accepted. The same command goes on from there.`);
  });
  try {
    const batches = toBatches(checkUnits(plan, resumed));
    await sendBatches(batches, target, (batch) => {
      state.units += batch.units;
      state.sent += batch.calls.length;
      state.rejected += batch.rejected.length;
      state.rejectedBytes = rejectedFile.add(batch.rejected);
      bar.update(batch.line);
      if (Date.now() - saved < CHECKPOINT_EVERY_MS) return;
      writeCheckpoint(plan.stateFile, state);
      saved = Date.now();
    });
    removeCheckpoint(plan.stateFile);
  } catch (error) {
    writeCheckpoint(plan.stateFile, state);
    throw error;
  } finally {
    stopListening();
    bar.stop();
    rejectedFile.close();
  }
  return { sent: state.sent, rejected: state.rejected, resumed };
}

/** Does something before Ctrl-C or SIGTERM ends the process. @returns stops that */
function onInterrupt(work: () => void): () => void {
  const end = (signal: NodeJS.Signals) => {
    work();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  process.once('SIGINT', end).once('SIGTERM', end);
  return () => void process.off('SIGINT', end).off('SIGTERM', end);
}
