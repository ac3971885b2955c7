import { openDatabase } from '../../../db/client.ts';
import { dropExpired } from '../../../src/app/retention/drop-expired.ts';

/** Drops expired months in a process of its own, which a test kills. */
const days = Number(process.env.KEEP_DAYS);
const db = openDatabase(process.env.DATABASE_URL as string, { name: 'drop-child', max: 1 });
const retention = { events: days * 86_400_000, decisions: days * 86_400_000, sent_messages: null };
while (await dropExpired(db.administration, retention, (step) => console.log(step.kind)));
await db.close();
console.log('done');
