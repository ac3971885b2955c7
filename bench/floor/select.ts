import process from 'node:process';
import express from 'express';
import { openDatabase } from '../../db/client.ts';

// The floor of part realtime: an HTTP route that reads a body, does one `select 1`, and answers with JSON.

const db = openDatabase(process.env.DATABASE_URL ?? '', { name: 'bench-floor', max: 20 });
const app = express();
app.set('etag', false);
app.use(express.json());
app.post('/', async (_req, res) => {
  const [row] = await db.sql`select 1 as one`;
  res.json(row);
});

process.on('disconnect', () => process.exit());
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' && address ? address.port : 0 } satisfies SelectReply);
});

export interface SelectReply {
  port: number;
}
