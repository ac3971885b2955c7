import { expect, test } from 'vitest';
import { NOTHING_ALLOWED } from '../../src/outbound/allow-list.ts';
import { createCmsDeps } from '../../src/service/cms-deps.ts';

test.each(['site', 'constructor'])('the CMS %s, which is not set up, is named as missing', async (source) => {
  const config = { cms: {}, outboundAllow: NOTHING_ALLOWED };
  const { fetchEntry } = createCmsDeps({ config } as never);
  expect(await fetchEntry('aroma', source, { entry: 'milk', locale: 'en' }, null)).toMatchObject({
    kind: 'failed',
    reason: `there is no CMS ${source}: add it to the setting CMS of the relay`,
  });
});
