import type { KeyKind, Scope } from '../../db/access/keys.ts';
import { SCOPES } from '../../db/schema/values.ts';
import { createKey } from '../../src/app/api-keys/keys.ts';
import { activateBundle } from '../../src/app/config/activate-bundle.ts';
import { type BundleFile, readBundleDir, treatEveryCustomer } from '../support/bundles.ts';
import { inlineCompiler } from '../support/inline-compiler.ts';
import { AROMA, TEALEAF } from '../support/paths.ts';
import { createHttpClient, type HttpClient } from './http.ts';
import { type DocumentedCall, listCalls, type OpenApi } from './openapi.ts';
import { type HomeRecords, makeRecords } from './records.ts';
import type { Service, Workspace } from './service.ts';

/** A service with three workspaces in it. */
export interface Target extends Service {
  http: HttpClient;
  document: OpenApi;
  calls: DocumentedCall[];
  /** Whose records nobody else may see. */
  home: Workspace & HomeRecords;
  /** Has nothing to do with `home`. */
  rival: Workspace;
  /** Whose definitions the attacks change. */
  scrap: Workspace;
  newKey(workspace: string, kind: KeyKind, scopes?: Scope[]): Promise<string>;
  close(): void;
}

/** Fills the workspaces with bundles, keys and records. */
export async function prepareTarget(service: Service): Promise<Target> {
  const { url, db } = service;
  const newKey = (workspace: string, kind: KeyKind, scopes: Scope[] = []) =>
    createKey(db, { workspace, kind, scopes, label: 'attack' });
  const newWorkspace = async (id: string, dir: string): Promise<Workspace> => {
    const activation = await activateBundle(
      { db, compiler: inlineCompiler },
      id,
      await readFilesFor(id, dir),
    );
    if (!activation.ok) throw new Error(JSON.stringify(activation.errors));
    return {
      id,
      write: await newKey(id, 'write'),
      browser: await newKey(id, 'browser'),
      api: await newKey(id, 'api', [...SCOPES]),
    };
  };
  const home = await newWorkspace('home', AROMA);
  const rival = await newWorkspace('rival', TEALEAF);
  const scrap = await newWorkspace('scrap', AROMA);
  const http = createHttpClient(url);
  const document = JSON.parse((await http.send({ path: '/openapi.json' })).text) as OpenApi;
  const records = await makeRecords(service, http, home);
  return {
    ...service,
    http,
    document,
    calls: listCalls(document),
    home: { ...home, ...records },
    rival,
    scrap,
    newKey,
    close: () => http.close(),
  };
}

/** An example bundle under another name, in no group, without a holdout. */
export async function readFilesFor(id: string, dir: string): Promise<BundleFile[]> {
  const files = treatEveryCustomer(await readBundleDir(dir));
  return files
    .filter(({ path }) => path !== 'group.yaml')
    .map((file) =>
      file.path === 'workspace.yaml' ? { ...file, text: file.text.replace(/^id: .*$/m, `id: ${id}`) } : file,
    );
}
