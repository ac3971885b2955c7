import net from 'node:net';

/** What happens to connections through a proxy. */
export type LinkState =
  | 'up'
  /** New connections are refused, and existing ones are reset. */
  | 'refused'
  /** New connections are accepted, and nothing passes in either direction. */
  | 'black-holed';

/** A proxy in front of a server, which takes the server away and brings it back. */
export interface TcpProxy {
  port: number;
  /** Changes the state. Connections that were black-holed are dead and stay open when the server is back. */
  set(state: LinkState): Promise<void>;
  /** Resets every connection that is open now. */
  reset(): void;
  /** Connections that are open now. */
  readonly open: number;
  stop(): Promise<void>;
}

/** Starts a proxy on a port of its own. */
async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  let state: LinkState = 'up';
  const pairs = new Set<{ inner: net.Socket; outer: net.Socket | null }>();
  const accept = (inner: net.Socket) => {
    const outer = state === 'up' ? net.connect({ ...target, noDelay: true }) : null;
    const pair = { inner, outer };
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      inner.destroy();
      outer?.destroy();
    };
    inner.setNoDelay(true);
    for (const socket of [inner, outer]) socket?.on('error', () => {}).on('close', end);
    if (outer) inner.pipe(outer).pipe(inner);
  };
  const server = net.createServer(accept);
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => resolve());
    });
  const close = () =>
    new Promise<void>((resolve) => {
      if (server.listening) server.close(() => resolve());
      else resolve();
    });
  await listen(0);
  const { port } = server.address() as net.AddressInfo;
  const reset = () => {
    for (const { inner } of [...pairs]) inner.resetAndDestroy();
  };
  return {
    port,
    async set(next) {
      const before = state;
      state = next;
      if (next === 'refused') {
        const closed = close();
        reset();
        await closed;
      } else if (before === 'refused') await listen(port);
      if (next === 'black-holed')
        for (const { inner, outer } of pairs) {
          if (outer) {
            inner.unpipe(outer);
            outer.unpipe(inner);
          }
          inner.pause();
          outer?.pause();
        }
    },
    reset,
    get open() {
      return pairs.size;
    },
    async stop() {
      const closed = close();
      reset();
      await closed;
    },
  };
}

/** The same URL with another host and port. */
export function through(url: string, proxy: TcpProxy): string {
  const changed = new URL(url);
  changed.hostname = '127.0.0.1';
  changed.port = String(proxy.port);
  return changed.href;
}

/** Starts a proxy in front of the server that a URL names. */
export function startProxyOf(url: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(url);
  return startTcpProxy({ host: hostname, port: Number(port) });
}
