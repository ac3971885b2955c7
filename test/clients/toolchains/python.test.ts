import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, it } from 'vitest';
import { describeStory, findClientDir, findInstallDir, needProgram, run } from '../support/programs.ts';
import { type ClientService, startClientService } from '../support/service.ts';
import { tellStory } from '../support/tell-story.ts';

const FOLDER = findClientDir('python');
const INSTALL_MS = 300_000;

let service: ClientService;
beforeAll(async () => {
  service = await startClientService();
});
afterAll(() => service.stop());

it.for([
  ["Segment's Python library", 'segment'],
  ["RudderStack's Python library", 'rudder'],
] as const)(
  'keeps what %s sends, once, although an answer is lost',
  {
    timeout: INSTALL_MS,
  },
  async ([, library], context) => {
    needProgram(context, 'python3');
    const python = await installLibraries();
    await tellStory(service, `${library}-python`, async (story) => {
      const input = describeStory(service, library, story);
      await run(python, [path.join(FOLDER, 'send.py')], { input });
    });
  },
);

/** Installs the locked libraries into a virtual environment, once. Returns its interpreter. */
async function installLibraries(): Promise<string> {
  const requirements = path.join(FOLDER, 'requirements.txt');
  const dir = findInstallDir('python', [requirements]);
  const python = path.join(dir, 'bin', 'python');
  const stamp = path.join(dir, 'installed');
  if (existsSync(stamp)) return python;
  rmSync(dir, { recursive: true, force: true });
  await run('python3', ['-m', 'venv', dir]);
  await run(python, ['-m', 'pip', 'install', '--quiet', '--no-deps', '--requirement', requirements]);
  writeFileSync(stamp, '');
  return python;
}
