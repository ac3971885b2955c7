import type { LEARNING_REFUSALS } from '../../domain/reward.ts';

/**
 * Why an observation, delta, arm or feature was refused. It is a value, not an exception: bad data must neither stop
 * the processing of good data nor change the model.
 */
export interface LearningRefusal {
  code: (typeof LEARNING_REFUSALS)[number];
  /** The arm, decision, feature or snapshot that was refused. */
  subject: string;
}

export function isLearningRefusal(value: object): value is LearningRefusal {
  return 'code' in value;
}
