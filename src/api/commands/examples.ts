/** Examples by schema name: answers of the test shop, shortened. */
export const examples = {
  Command: { reason: 'asked by phone', actor: 'kim' },
  ConsentStatements: {
    consents: [{ purpose: 'marketing', channel: 'email', status: 'granted', source: 'shop_form' }],
    reason: 'asked by phone',
    actor: 'kim',
  },
  Enrolled: {
    customerId: 'cus_01a2237c',
    seq: 12,
    journey: 'letters',
    key: 'O-77',
    enrollmentId: 'enr_01a2237c_1_1_0',
    arm: 'treated',
    decisionId: 'dec_01a2237c_1_1',
  },
  EnrollmentRequest: { customer: 'user:anna', key: 'O-77', properties: { order_id: 'O-77' }, actor: 'kim' },
  Erased: { id: 'cus_01a2237b', ids: ['cus_01a2237b'], historiesDeletedAt: null },
  ErasureRequest: { reason: 'requested by e-mail', actor: 'kim' },
  ExitCommand: { reason: 'asked by phone', actor: 'kim', journey: 'order-confirmation' },
  Merge: { into: 'user:anna', reason: 'same person, by phone', actor: 'kim' },
  Preferences: { personalisation: 3, reason: 'asked by phone', actor: 'kim' },
  Snooze: { duration: '7d', topics: ['tips'], reason: 'asked by phone', actor: 'kim' },
};
