import http from 'node:http';
import type net from 'node:net';

/** A server that acts like a vendor. */
export interface Peer {
  url: string;
  /** Requests that have arrived, with their bodies. */
  requests: { method: string; path: string; headers: http.IncomingHttpHeaders; body: Buffer }[];
  stop(): Promise<void>;
}

type Answer = (request: http.IncomingMessage, response: http.ServerResponse, body: string) => void;

/** Starts a server of this machine that answers each request once it has arrived whole. */
export async function startPeer(answer: Answer): Promise<Peer> {
  const requests: Peer['requests'] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const { method = '', url: path = '', headers } = request;
      requests.push({ method, path, headers, body });
      answer(request, response, body.toString());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
