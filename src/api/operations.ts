import { accountOperations } from './accounts/routes.ts';
import { actionOperations } from './actions/routes.ts';
import { cmsOperations } from './cms/routes.ts';
import { choiceOperations } from './commands/choice-routes.ts';
import { identityOperations } from './commands/identity-routes.ts';
import { commandOperations } from './commands/routes.ts';
import { configOperations } from './config/routes.ts';
import { contentOperations } from './content/routes.ts';
import { couponOperations } from './coupons/routes.ts';
import { exportOperations } from './customers/export-routes.ts';
import { customerOperations } from './customers/routes.ts';
import { timelineOperations } from './customers/timeline-routes.ts';
import { decisionOperations } from './decisions/routes.ts';
import { deliveryOperations } from './deliveries/routes.ts';
import { eligibilityOperations } from './eligibility/routes.ts';
import { embedOperations } from './embed/routes.ts';
import { eventOperations } from './events/routes.ts';
import type { Operation } from './frame/operation.ts';
import { inboxOperations } from './inbox/routes.ts';
import { enrollmentOperations } from './journeys/enrollment-routes.ts';
import { journeyOperations } from './journeys/routes.ts';
import { keyOperations } from './keys/routes.ts';
import { nameOperations } from './names/routes.ts';
import { realtimeOperations } from './realtime/routes.ts';
import { rejectedOperations } from './rejected/routes.ts';
import { attributionOperations } from './reports/attribution-routes.ts';
import { decisionReportOperations } from './reports/decisions-routes.ts';
import { deliveryReportOperations } from './reports/deliveries-routes.ts';
import { experimentOperations } from './reports/experiments-routes.ts';
import { funnelOperations } from './reports/funnel-routes.ts';
import { holdsOperations } from './reports/holds-routes.ts';
import { journeyReportOperations } from './reports/journeys-routes.ts';
import { retentionOperations } from './reports/retention-routes.ts';
import { valueOperations } from './reports/value-routes.ts';
import { startOperations } from './start/routes.ts';
import { systemStatusOperations } from './system-status/routes.ts';
import { taskOperations } from './tasks/routes.ts';
import { taskStepOperations } from './tasks/step-routes.ts';
import { whatIfOperations } from './what-if/routes.ts';

/** Every operation that needs an API key. */
export const OPERATIONS: readonly Operation[] = [
  ...customerOperations,
  ...timelineOperations,
  ...commandOperations,
  ...eligibilityOperations,
  ...embedOperations,
  ...exportOperations,
  ...choiceOperations,
  ...identityOperations,
  ...decisionOperations,
  ...deliveryOperations,
  ...inboxOperations,
  ...eventOperations,
  ...rejectedOperations,
  ...keyOperations,
  ...startOperations,
  ...realtimeOperations,
  ...couponOperations,
  ...systemStatusOperations,
  ...taskOperations,
  ...taskStepOperations,
  ...configOperations,
  ...nameOperations,
  ...contentOperations,
  ...cmsOperations,
  ...journeyOperations,
  ...enrollmentOperations,
  ...accountOperations,
  ...actionOperations,
  ...experimentOperations,
  ...valueOperations,
  ...attributionOperations,
  ...decisionReportOperations,
  ...funnelOperations,
  ...holdsOperations,
  ...journeyReportOperations,
  ...deliveryReportOperations,
  ...retentionOperations,
  ...whatIfOperations,
];
