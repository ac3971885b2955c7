/** Examples by schema name: answers of the test shop, shortened. */
export const examples = {
  Coupon: {
    id: 'cpn_01a2237a_1_1_0',
    code: 'B8VGHNGRHRFV',
    customerId: 'cus_01a2237a',
    action: 'coupon-20',
    once: 'T-1',
    percent: 20,
    state: 'redeemed',
    issuedAt: '2026-11-28T18:46:13Z',
    expiresAt: '2026-12-28T18:46:13Z',
    redeemedAt: '2026-11-28T18:46:13Z',
    orderId: 'O-77',
    discount: { amount: '7.98', currency: 'EUR' },
    decisionId: 'dec_01a2237a_1_1',
    enrollmentId: 'enr_01a2237a_1_1_1',
  },
  CouponRedemption: { orderId: 'O-77', amount: { amount: '39.90', currency: 'EUR' }, customer: 'user:anna' },
  CouponRevocation: { reason: 'fraud', actor: 'ann' },
};
