// The one barrel: Temporal registers as workflow types what this module exports.
export { customerJourney } from './customer-journey.ts';
export { runWorkspaceJob } from './run-workspace-job.ts';
export { sweepCustomers } from './sweep-customers.ts';
