/**
 * Why something wasn't learned from, or an arm not counted. Recorded as a value: bad data neither stops the others nor
 * bends the model.
 */
export interface LearningRefusal {
  code:
    | 'not_finite'
    | 'out_of_range'
    | 'other_shape'
    | 'other_size'
    | 'other_hash'
    | 'unknown_arm'
    | 'from_future'
    | 'twice'
    | 'not_positive';
  /** The arm, decision, feature or snapshot that it is about. */
  subject: string;
}

export function isLearningRefusal(value: object): value is LearningRefusal {
  return 'code' in value;
}
