/** A message that a provider of the suite has received in whole. */
export interface Receipt {
  deliveryId: string;
  channel: 'email' | 'sms';
  to: string;
  /**
   * What the sender learned. `accepted` and `unanswered` may both reach the customer, so a delivery may have one of them,
   * once. What was `refused` reaches nobody.
   */
  answer: 'accepted' | 'unanswered' | 'refused';
}
