/** Examples by schema name. */
export const examples = {
  EmbedTokenRequest: { expiresIn: 3_600 },
  EmbedToken: {
    url: 'https://journeys.aroma.example/console/embed/customers/cus_01a2237d?token=et_Y3VzXzAxYTIyMzdk.mfp1b2.3q2-7w',
    token: 'et_Y3VzXzAxYTIyMzdk.mfp1b2.3q2-7w',
    expiresAt: '2026-11-28T19:48:49Z',
  },
};
