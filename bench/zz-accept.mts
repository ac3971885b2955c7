import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { startServers } from '/work/main/bench/servers.ts';
import { startHouse } from '/work/main/bench/house.ts';
import { batchBody, batches, createSender, inParallel } from '/work/main/bench/http.ts';
import { shopEvent, shuffled } from '/work/main/bench/events.ts';
import { uuidv7 } from 'uuidv7';
const stops: any[] = [];
const hz = 100;
const cpuOf = (pid: number) => { try { const s = readFileSync(`/proc/${pid}/stat`, 'utf8'); const f = s.slice(s.lastIndexOf(')') + 2).split(' '); return (Number(f[11]) + Number(f[12])) / hz; } catch { return 0; } };
const find = (re: RegExp) => readdirSync('/proc').filter((p) => /^\d+$/.test(p)).filter((p) => { try { return re.test(readFileSync(`/proc/${p}/cmdline`, 'utf8').replaceAll('\0', ' ')); } catch { return false; } }).map(Number);
try {
  const servers = await startServers(stops);
  const house = await startHouse(servers, 'accept', ['api'], stops);
  const child = spawn(process.execPath, ['--cpu-prof', '--cpu-prof-dir=/tmp/scratch/prof', '--import', 'tsx', 'src/cli/main.ts', 'serve', 'api'], { stdio: 'inherit', env: { ...process.env, DATABASE_URL: house.databaseUrl, TEMPORAL_ADDRESS: servers.temporal.address, PORT: '39123', THROUGHLINE_SECRET: 'only for measurements', LOG_LEVEL: 'warn', NODE_ENV: 'production' } });
  stops.push(() => new Promise((r) => { child.once('exit', r); child.kill('SIGTERM'); }));
  const api = child.pid!;
  house.url = 'http://127.0.0.1:39123';
  for (;;) { try { if ((await fetch(house.url + '/readyz')).ok) break; } catch {} await new Promise((r) => setTimeout(r, 200)); }
  const pgs = () => house.db.sql`select pid from pg_stat_activity where application_name = 'throughline-api'`.then((r) => r.map((x) => x.pid as number));
  const sender = createSender(house.url, house.writeKeys, 16); stops.push(() => sender.close());
  for (let r = 0; r < 4; r++) {
    if (r === 3) await house.db.sql.unsafe(`alter database bench_accept set log_min_duration_statement = 0`);
    const bodies = batches(shuffled(20000), 100).map((cs) => batchBody(cs.map((c) => shopEvent(c, uuidv7()))));
    const pids = await pgs();
    const before = { api: cpuOf(api), me: process.cpuUsage(), pg: pids.map(cpuOf).reduce((a, b) => a + b, 0) };
    const t = performance.now();
    await inParallel(bodies, 16, (b, i) => sender.post('/v1/batch', b, i));
    const s = (performance.now() - t) / 1000;
    const me = process.cpuUsage(before.me);
    console.log(r, Math.round(20000 / s), '/s; cpu s per 20k: api', (cpuOf(api) - before.api).toFixed(2), 'pg', ((await pgs()).map(cpuOf).reduce((a, b) => a + b, 0) - before.pg).toFixed(2), 'client', ((me.user + me.system) / 1e6).toFixed(2), 'bytes', bodies[0]!.length);
  }
  const sizes = await house.db.sql`select avg(pg_column_size(profile)) as p, avg(length(profile::text)) as t, avg(length(body::text)) as body from customers c join events e on e.customer_id=c.id and e.seq=1`;
  console.log(sizes[0]);
} catch (e) { console.error(e); }
finally { for (const s of stops.reverse()) await s(); }
