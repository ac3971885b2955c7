import { bucket } from './values/hash.ts';

/** Stands for all marketing journeys. No journey can have this id. */
const EVERY_JOURNEY = '*';

/** Whether a customer is in the global control group, which no marketing journey treats. @param holdout of 10,000 */
export function isInGlobalControl(workspace: string, subject: string, holdout: number): boolean {
  return bucket(workspace, EVERY_JOURNEY, subject) < holdout;
}

/** Whether a customer is in the control group of this journey. @param holdout of 10,000 */
export function isInHoldout(workspace: string, journey: string, subject: string, holdout: number): boolean {
  return bucket(workspace, journey, subject) < holdout;
}
