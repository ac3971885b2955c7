import express from 'express';
import getPort from 'get-port';
import { type ApiDeps, createApp, listen } from '../../../src/api/app.ts';
import { startApi, type TestApi } from '../../api/support/harness.ts';

/** A service that listens on a port, for a client library in any process. */
export interface ClientService {
  api: TestApi;
  url: string;
  writeKey: string;
  /** Method, path and status of each request, in the order of the answers. */
  answers: string[];
  /** The next POST is committed, but its answer is lost: the sender has to repeat it. */
  loseNextAnswer(): void;
  /** How many events arrived more than once under the same message id. */
  countRepeats(): number;
  stop(): Promise<void>;
}

export async function startClientService(): Promise<ClientService> {
  const api = await startApi();
  const port = await getPort();
  const url = `http://127.0.0.1:${port}`;
  const answers: string[] = [];
  const arrivals = new Map<string, number>();
  let losing = false;

  const outer = express();
  outer.disable('x-powered-by');
  outer.use((req, res, next) => {
    const line = `${req.method} ${req.path}`;
    const lost = losing && req.method === 'POST';
    // `close` also comes when the answer is lost.
    res.once('close', () => answers.push(`${line} ${lost ? 'lost' : res.statusCode}`));
    if (lost) {
      losing = false;
      res.end = (() => {
        req.socket.destroy();
        return res;
      }) as typeof res.end;
    }
    next();
  });
  // Browser libraries are told where to send, so the service must know its own address.
  const config = { ...api.deps.config, publicUrl: url };
  const intake: ApiDeps['intake'] = {
    accept(events) {
      for (const { messageId } of events) arrivals.set(messageId, (arrivals.get(messageId) ?? 0) + 1);
      return api.deps.intake.accept(events);
    },
  };
  outer.use(createApp({ ...api.deps, config, intake }));
  const server = await listen(outer, { host: '127.0.0.1', port });

  return {
    api,
    url,
    writeKey: api.keys.write,
    answers,
    loseNextAnswer() {
      losing = true;
    },
    countRepeats: () => [...arrivals.values()].filter((times) => times > 1).length,
    async stop() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      await api.stop();
    },
  };
}
