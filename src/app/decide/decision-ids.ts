/**
 * Ids that follow from a decision's place: the customer, the epoch, the ordinal. A second try of one decision mints
 * the same ids; after a restore the epoch is another, so no id of the lost future returns (I2).
 */
export function mintDecisionIds(
  customerId: string,
  epoch: number,
  ordinal: number,
): { ref: string; decisionId: string } {
  const ref = `${customerId.replace(/^cus_/, '')}_${epoch}_${ordinal}`;
  return { ref, decisionId: `dec_${ref}` };
}
