import type { Fault } from './fault.ts';
import { processFaults } from './processes.ts';
import { providerFaults } from './providers.ts';
import { senderFaults } from './senders.ts';
import { serverFaults } from './servers.ts';
import { workflowFaults } from './workflows.ts';

const single: Fault[] = [
  { kind: 'none', number: '', tries: 0 },
  ...processFaults,
  ...serverFaults,
  ...workflowFaults,
  ...providerFaults,
  ...senderFaults,
];

/** Faults that a mix may inject: short ones that need one process of each role. */
const MIXED = [
  'worker killed',
  'relay killed',
  'api killed',
  'temporal killed',
  'postgres killed',
  'sessions ended',
  'workflows terminated',
];

/** A random mix, with every event sent twice. */
const soak: Fault = {
  kind: 'soak',
  number: '35',
  tries: 4,
  spreadMs: 25_000,
  style: { copies: 2 },
  async inject(context) {
    const kind = context.random.pick(MIXED);
    await single.find((fault) => fault.kind === kind)?.inject?.(context);
  },
};

/** Every kind of fault. */
export const FAULTS: Fault[] = [...single, soak];
