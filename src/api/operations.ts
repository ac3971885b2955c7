import type { Operation } from './operation.ts';
import { accountOperations } from './routes/accounts.ts';
import { actionOperations } from './routes/actions.ts';
import { configOperations } from './routes/config.ts';
import { couponOperations } from './routes/coupons.ts';
import { askOperations } from './routes/customer-asks.ts';
import { choiceOperations } from './routes/customer-choices.ts';
import { commandOperations } from './routes/customer-commands.ts';
import { historyOperations } from './routes/customer-history.ts';
import { identityOperations } from './routes/customer-identity.ts';
import { customerOperations } from './routes/customers.ts';
import { enrollmentOperations } from './routes/enrollments.ts';
import { journeyOperations } from './routes/journeys.ts';
import { localDecisionOperations } from './routes/local-decisions.ts';
import { recordOperations } from './routes/records.ts';
import { attributionOperations } from './routes/reports-attribution.ts';
import { decisionReportOperations } from './routes/reports-decisions.ts';
import { deliveryReportOperations } from './routes/reports-deliveries.ts';
import { experimentOperations } from './routes/reports-experiments.ts';
import { journeyReportOperations } from './routes/reports-journeys.ts';
import { retentionOperations } from './routes/reports-retention.ts';
import { valueOperations } from './routes/reports-value.ts';
import { whatIfOperations } from './routes/reports-what-if.ts';
import { taskStepOperations } from './routes/task-steps.ts';
import { taskOperations } from './routes/tasks.ts';

/** Every call that needs an API key. */
export const OPERATIONS: readonly Operation[] = [
  ...customerOperations,
  ...historyOperations,
  ...commandOperations,
  ...askOperations,
  ...choiceOperations,
  ...identityOperations,
  ...recordOperations,
  ...localDecisionOperations,
  ...couponOperations,
  ...taskOperations,
  ...taskStepOperations,
  ...configOperations,
  ...journeyOperations,
  ...enrollmentOperations,
  ...accountOperations,
  ...actionOperations,
  ...experimentOperations,
  ...valueOperations,
  ...attributionOperations,
  ...decisionReportOperations,
  ...journeyReportOperations,
  ...deliveryReportOperations,
  ...retentionOperations,
  ...whatIfOperations,
];
