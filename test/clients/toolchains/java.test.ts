import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, it } from 'vitest';
import { describeStory, findClientDir, findInstallDir, needProgram, run } from '../support/programs.ts';
import { type ClientService, startClientService } from '../support/service.ts';
import { tellStory } from '../support/tell-story.ts';

const FOLDER = findClientDir('java');
const SOURCES = ['Story.java', 'Segment.java', 'Rudder.java'].map((name) => path.join(FOLDER, name));
/** With the first download. The libraries wait about 15 s before they repeat a request. */
const INSTALL_MS = 300_000;

let service: ClientService;
beforeAll(async () => {
  service = await startClientService();
});
afterAll(() => service.stop());

it.for([
  ["Segment's Java library", 'segment'],
  ["RudderStack's Java library", 'rudder'],
] as const)(
  'keeps what %s sends, once, although an answer is lost',
  {
    timeout: INSTALL_MS,
  },
  async ([, library], context) => {
    for (const program of ['mvn', 'javac', 'java']) needProgram(context, program);
    const classPath = await installLibraries();
    await tellStory(service, `${library}-java`, async (story) => {
      await run('java', ['-cp', classPath, 'Story'], { input: describeStory(service, library, story) });
    });
  },
);

/** Fetches the libraries and compiles the programs, once. Returns the class path. */
async function installLibraries(): Promise<string> {
  const pom = path.join(FOLDER, 'pom.xml');
  const dir = findInstallDir('java', [pom, ...SOURCES]);
  const libraries = path.join(dir, 'libraries');
  const classes = path.join(dir, 'classes');
  const stamp = path.join(dir, 'installed');
  const classPath = [classes, path.join(libraries, '*')].join(path.delimiter);
  if (existsSync(stamp)) return classPath;
  rmSync(dir, { recursive: true, force: true });
  await run('mvn', ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${libraries}`]);
  await run('javac', ['-encoding', 'UTF-8', '-d', classes, '-cp', classPath, ...SOURCES]);
  writeFileSync(stamp, '');
  return classPath;
}
