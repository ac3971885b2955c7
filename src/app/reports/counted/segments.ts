/**
 * The arm of a segment of customers in the global control; null: the holdout was edited, and they changed their arm.
 * @param holdouts all that a bundle ever had, ascending; a segment's number counts those that do not hold it out
 */
export function armOfSegment(
  holdouts: readonly number[],
  segment: number,
  { lowest, highest }: { lowest: number; highest: number },
): 'treated' | 'control' | null {
  // Nobody is below a holdout of 0, whether or not a bundle had it.
  const below = holdouts.filter((holdout) => holdout < lowest).length;
  if (lowest > 0 && segment <= below) return 'control';
  const through = holdouts.filter((holdout) => holdout <= highest).length;
  return segment >= through ? 'treated' : null;
}
