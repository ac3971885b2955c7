import { readFileSync } from 'node:fs';
import path from 'node:path';
import { startServers } from '../../bench/servers.ts';
import type { Stops } from '../../bench/stops.ts';
import { startSystem } from '../../bench/system.ts';
import { SOURCES } from './records.ts';
import { prepareTarget, type Target } from './target.ts';

const SECRET = 'a secret for the attacks only';

/** Starts a service to attack, with servers of its own. */
export async function startTarget(stops: Stops): Promise<Target> {
  const servers = await startServers(stops, 'memory');
  const { url, db, pids } = await startSystem(servers, 'attack', ['api', 'relay', 'worker'], stops, {
    env: { THROUGHLINE_SECRET: SECRET, SOURCES },
  });
  const target = await prepareTarget({
    url,
    db,
    secret: SECRET,
    get apiPid() {
      return pids.api;
    },
    messages: () => servers.mailbox.messages(),
    readErrors: createErrorReader(path.join(servers.dir, 'attack-api.log')),
  });
  stops.push(target.close);
  return target;
}

/** Reads what was added to a log since the last call. */
function createErrorReader(file: string): () => string[] {
  let seen = 0;
  return () => {
    const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
    const added = lines.slice(seen);
    seen = lines.length;
    return added.filter((line) => line.includes('"level":50') || !line.startsWith('{'));
  };
}
