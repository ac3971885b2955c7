import { bucket } from './values/hash.ts';

/** Stands for every marketing journey at once; no journey can have this id. */
const EVERY_JOURNEY = '*';

/** Whether a customer is in the global control: no marketing journey treats them. @param holdout of 10,000 */
export function isInGlobalControl(workspace: string, subject: string, holdout: number): boolean {
  return bucket(workspace, EVERY_JOURNEY, subject) < holdout;
}

/** Whether a customer is a control of this journey alone. @param holdout of 10,000 */
export function isInHoldout(workspace: string, journey: string, subject: string, holdout: number): boolean {
  return bucket(workspace, journey, subject) < holdout;
}
