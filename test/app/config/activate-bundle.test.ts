import { afterAll, beforeAll, expect, test } from 'vitest';
import { activateBundle } from '../../../src/app/config/activate-bundle.ts';
import type { BundleCompiler } from '../../../src/app/config/compiler/bundle-compiler.ts';
import { Unavailable } from '../../../src/app/intake/incoming-event.ts';
import { readBundleDir, replaceInFile } from '../../support/bundles.ts';
import { inlineCompiler } from '../../support/inline-compiler.ts';
import { AROMA } from '../../support/paths.ts';
import { startTestSystem, type TestSystem, WORKSPACE } from '../../support/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ worker: false, relay: false });
});
afterAll(() => system?.stop());

test('a bundle that others overtake again and again is to be sent again, and changes nothing', async () => {
  const files = await readBundleDir(AROMA);
  const named = (name: string) => replaceInFile('workspace.yaml', /^name: .*$/m, `name: ${name}`)(files);
  let others = 0;
  const overtaken: BundleCompiler = {
    ...inlineCompiler,
    async run(kind, workspace, request) {
      await system.applyFiles(WORKSPACE, named(`Other ${others++}`));
      return inlineCompiler.run(kind, workspace, request);
    },
  };
  const mine = activateBundle({ db: system.db.db, compiler: overtaken }, WORKSPACE, named('Mine'));
  await expect(mine).rejects.toThrow(Unavailable);
  expect(others).toBe(5);
  const [row] = await system.db.db.sql`
    select compiled -> 'workspace' ->> 'name' as name from bundles b join workspaces w on w.id = b.workspace
    where b.workspace = ${WORKSPACE} and b.version = w.config_version`;
  expect(row?.name).toBe('Other 4');
});
