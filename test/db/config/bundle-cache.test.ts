import { expect, test, vi } from 'vitest';
import type { Tx } from '../../../db/client.ts';
import { BundleUnavailable, createBundleCache } from '../../../db/config/bundle-cache.ts';
import type { Bundle } from '../../../src/domain/definition.ts';
import { buildBundle } from '../../support/bundle-builders.ts';

const stored = buildBundle({ version: 1 });
const tx = (async () => {
  return [{ compiled: stored, files: [] }];
}) as unknown as Tx;

test('a bundle that is being upgraded is upgraded once, however many ask for it', async () => {
  const upgrade = vi.fn(async () => stored);
  const bundles = createBundleCache(upgrade);
  expect(await Promise.all([1, 2, 3].map(() => bundles(tx, 'shop', 1)))).toEqual([stored, stored, stored]);
  expect(await bundles(tx, 'shop', 1)).toBe(stored);
  expect(upgrade).toHaveBeenCalledTimes(1);
});

test('nobody waits long for an upgrade, which goes on', async () => {
  let finish: (bundle: Bundle) => void = () => {};
  const upgrade = vi.fn(() => new Promise<Bundle>((resolve) => (finish = resolve)));
  const bundles = createBundleCache(upgrade, { waitMs: 20 });
  await expect(bundles(tx, 'shop', 1)).rejects.toThrow(BundleUnavailable);
  await expect(bundles(tx, 'shop', 1)).rejects.toThrow('shop@1 is being compiled by this build');
  finish(stored);
  expect(await bundles(tx, 'shop', 1)).toBe(stored);
  expect(upgrade).toHaveBeenCalledTimes(1);
});

test('a bundle that could not be upgraded is tried again later only', async () => {
  const upgrade = vi.fn(() => Promise.reject(new Error('it is too large')));
  const bundles = createBundleCache(upgrade, { refusedMs: 50 });
  for (let n = 0; n < 3; n++) await expect(bundles(tx, 'shop', 1)).rejects.toThrow('it is too large');
  expect(upgrade).toHaveBeenCalledTimes(1);
  await vi.waitFor(async () => {
    await expect(bundles(tx, 'shop', 1)).rejects.toThrow(BundleUnavailable);
    expect(upgrade).toHaveBeenCalledTimes(2);
  });
});
