// What the package exports as `throughline/testing`.
export { lazyClient as connectToTemporal } from '../temporal/connection.ts';
export type { WorkflowBundle } from '../temporal/workflow-bundle.ts';
export { buildWorkflowId } from '../workflows/identifiers.ts';
export { advanceClock, readClock } from './clock.ts';
export {
  bundleWorkflows,
  fetchHistory,
  type History,
  readHistoryFile,
  replayHistory,
  serializeHistory,
} from './replay.ts';
export {
  type OpenTask,
  type SentMessage,
  SimulatedCustomer,
  type SimulatedEnrollment,
  type SimulatedEvent,
  type SimulationOptions,
} from './simulated-customer.ts';
