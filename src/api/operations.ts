import type { Operation } from './operation.ts';
import { configOperations } from './routes/config.ts';
import { commandOperations } from './routes/customer-commands.ts';
import { historyOperations } from './routes/customer-history.ts';
import { customerOperations } from './routes/customers.ts';
import { journeyOperations } from './routes/journeys.ts';
import { recordOperations } from './routes/records.ts';
import { taskStepOperations } from './routes/task-steps.ts';
import { taskOperations } from './routes/tasks.ts';

/** Every call that needs an API key. */
export const OPERATIONS: readonly Operation[] = [
  ...customerOperations,
  ...historyOperations,
  ...commandOperations,
  ...recordOperations,
  ...taskOperations,
  ...taskStepOperations,
  ...configOperations,
  ...journeyOperations,
];
