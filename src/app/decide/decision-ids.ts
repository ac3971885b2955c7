/**
 * Mints ids from a decision's position: customer, epoch, ordinal. A retry of the decision mints the same ids. After a
 * restore of the database the epoch is another, so an id of the lost future never comes back (I2).
 */
export function mintDecisionIds(
  customerId: string,
  epoch: number,
  ordinal: number,
): { ref: string; decisionId: string } {
  const ref = `${customerId.replace(/^cus_/, '')}_${epoch}_${ordinal}`;
  return { ref, decisionId: `dec_${ref}` };
}
