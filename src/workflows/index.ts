// Temporal registers every export of this module as a workflow type. This is the only barrel file.
export { customerJourney } from './customer-journey.ts';
export { runWorkspaceJob } from './run-workspace-job.ts';
export { sweepCustomers } from './sweep-customers.ts';
