import net from 'node:net';
import { Transform } from 'node:stream';

/** What happens to connections through a proxy. */
export type LinkState =
  | 'up'
  /** New connections are refused, and existing ones are reset. */
  | 'refused'
  /** Nothing passes in either direction, not even that a connection was closed. It does once the link is up again. */
  | 'black-holed'
  /** The same, and connections of that time stay dead and open when the link is up again. */
  | 'lost';

/** A proxy in front of a server, which takes the server away and brings it back. */
export interface TcpProxy {
  port: number;
  set(state: LinkState): Promise<void>;
  /** From now on everything takes this many milliseconds longer, in each direction. */
  delay(ms: number): void;
  /** Resets every connection that is open now. */
  reset(): void;
  stop(): Promise<void>;
}

/** A connection of a client and the one to the server. */
class Pair {
  readonly inner: net.Socket;
  private readonly target: net.NetConnectOpts;
  private readonly there: Transform;
  private readonly back: Transform;
  private outer: net.Socket | null = null;
  private passing = false;
  private ended = false;

  constructor(
    inner: net.Socket,
    target: net.NetConnectOpts,
    link: { delayMs: number },
    onEnd: (pair: Pair) => void,
  ) {
    this.inner = inner;
    this.target = target;
    this.there = delayed(link);
    this.back = delayed(link);
    inner.setNoDelay(true).pause();
    inner.on('error', () => {}).on('close', () => this.end());
    this.onEnd = () => onEnd(this);
  }

  private readonly onEnd: () => void;

  pass(): void {
    this.passing = true;
    if (this.ended) return this.end();
    if (!this.outer) {
      this.outer = net.connect(this.target);
      this.outer.on('error', () => {}).on('close', () => this.end());
      this.there.pipe(this.outer);
      this.back.pipe(this.inner);
    }
    this.inner.pipe(this.there);
    this.outer.pipe(this.back);
  }

  hold(): void {
    this.passing = false;
    if (!this.outer) return;
    this.inner.unpipe(this.there).pause();
    this.outer.unpipe(this.back).pause();
  }

  reset(): void {
    this.passing = true;
    this.inner.resetAndDestroy();
    this.end();
  }

  /** Either side has ended. The other one is notified as soon as packets pass. */
  private end(): void {
    this.ended = true;
    if (!this.passing) return;
    this.inner.destroy();
    this.outer?.destroy();
    this.onEnd();
  }
}

/** Passes everything on in order, after the delay that applies when it arrives. */
function delayed(link: { delayMs: number }): Transform {
  const waiting: Buffer[] = [];
  let last = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      last = Math.max(last, performance.now() + link.delayMs);
      if (link.delayMs === 0 && waiting.length === 0) return done(null, chunk);
      waiting.push(chunk);
      setTimeout(() => this.push(waiting.shift()), last - performance.now());
      done();
    },
    flush(done) {
      setTimeout(done, Math.max(0, last - performance.now()) + 1);
    },
  });
}

/** Starts a proxy on a port of its own. */
export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  let state: LinkState = 'up';
  const link = { delayMs: 0 };
  const pairs = new Set<Pair>();
  const dead = new Set<Pair>();
  const server = net.createServer((inner) => {
    const pair = new Pair(inner, { ...target, noDelay: true }, link, (ended) => {
      pairs.delete(ended);
      dead.delete(ended);
    });
    pairs.add(pair);
    if (state === 'up') pair.pass();
  });
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
  const reset = () => {
    for (const pair of [...pairs, ...dead]) pair.reset();
  };
  await listen(0);
  const { port } = server.address() as net.AddressInfo;
  return {
    port,
    async set(next) {
      const before = state;
      state = next;
      if (next === 'refused') {
        const closed = close();
        reset();
        await closed;
        return;
      }
      if (before === 'refused') await listen(port);
      for (const pair of pairs) {
        if (next !== 'up') pair.hold();
        else if (before === 'lost') {
          pairs.delete(pair);
          dead.add(pair);
        } else if (before === 'black-holed') pair.pass();
      }
    },
    delay(ms) {
      link.delayMs = ms;
    },
    reset,
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
