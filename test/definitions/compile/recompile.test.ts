import { expect, test } from 'vitest';
import { compileBundle } from '../../../src/definitions/compile/bundle.ts';
import { recompileBundle } from '../../../src/definitions/compile/recompile.ts';
import { readBundleDir } from '../../../src/definitions/source/read-directory.ts';
import { BUNDLE_FORMAT, type Bundle } from '../../../src/domain/definition.ts';
import { AROMA } from '../../support/paths.ts';

test('a bundle of an older format is compiled again from its files and keeps activeSince', async () => {
  const files = await readBundleDir(AROMA);
  const compiled = compileBundle(files, null, 1_234);
  if (!compiled.ok) throw new Error('the example does not compile');
  const current: Bundle = { ...compiled.bundle, format: BUNDLE_FORMAT, version: 7 };
  const { quiet: _, ...workspace } = current.workspace;
  const old = { ...current, format: 0, workspace } as unknown as Bundle;
  expect(recompileBundle(old, files)).toEqual(current);
  expect(recompileBundle(current, [])).toBe(current);
});

test('a bundle that is compiled again keeps the moves of removed steps', async () => {
  const files = await readBundleDir(AROMA);
  const compiled = compileBundle(files, null, 0);
  if (!compiled.ok) throw new Error('the example does not compile');
  const journeys = compiled.bundle.journeys.map((j) =>
    j.id === 'tips' ? { ...j, moved: { old: 'tip' } } : j,
  );
  const stored: Bundle = { ...compiled.bundle, journeys, format: BUNDLE_FORMAT - 1, version: 7 };
  expect(recompileBundle(stored, files).journeys.find(({ id }) => id === 'tips')?.moved).toEqual({
    old: 'tip',
  });
});

test('throws an error with file and path if this build refuses the files', () => {
  const old = { format: 0, version: 3, journeys: [] } as unknown as Bundle;
  const broken = [{ path: 'workspace.yaml', text: 'id: [' }];
  expect(() => recompileBundle(old, broken)).toThrow(
    /^bundle 3 can't be read by this build: workspace\.yaml: /,
  );
});
