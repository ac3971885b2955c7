import path from 'node:path';
import { afterAll, beforeAll, it } from 'vitest';
import { findClientDir, needProgram } from '../support/programs.ts';
import { type ClientService, startClientService } from '../support/service.ts';
import { tellStoryByTypedClient } from '../support/typed-client.ts';

const INSTALL_MS = 300_000;

let service: ClientService;
beforeAll(async () => {
  service = await startClientService();
});
afterAll(() => service.stop());

it('serves a document from which openapi-typescript generates a client that sends and reads', {
  timeout: INSTALL_MS,
}, async (context) => {
  needProgram(context, 'npm');
  await tellStoryByTypedClient(service, {
    folder: 'openapi',
    entry: 'openapi-typescript/bin/cli.js',
    args: (url, dir) => [url, '-o', path.join(dir, 'api.d.ts')],
  });
});

it('serves a document from which @hey-api/openapi-ts generates a client that sends and reads', {
  timeout: INSTALL_MS,
}, async (context) => {
  needProgram(context, 'npm');
  const config = path.join(findClientDir('hey-api'), 'openapi-ts.config.mjs');
  await tellStoryByTypedClient(service, {
    folder: 'hey-api',
    entry: '@hey-api/openapi-ts/bin/run.js',
    args: (url) => ['-f', config, '-i', url],
  });
});
