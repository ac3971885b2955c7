import net from 'node:net';
import tls from 'node:tls';

/** What postgres.js reads from a URL. */
export interface ServerAddress {
  host: string[];
  port: number[];
  /** A Unix socket. */
  path?: string | false;
  /** `sslmode`: false, `prefer`, `require`, `verify-full` … */
  ssl?: unknown;
  sslnegotiation?: string | null;
}

const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
const YES = 'S'.charCodeAt(0);
const KEEP_ALIVE_MS = 10_000;

/**
 * Opens a socket to a server. It is connected, and encrypted if the address asks for that.
 *
 * @param signal destroys the socket, at any time
 */
export async function openSocket(address: ServerAddress, signal: AbortSignal): Promise<net.Socket> {
  const { path, ssl } = address;
  const host = address.host[0] as string;
  const socket = path
    ? net.connect({ path })
    : net.connect({ host, port: address.port[0] as number, noDelay: true });
  // The owner hears of the end by 'close'. Without a listener an error would end the process.
  socket.on('error', () => {});
  const destroy = () => socket.destroy(signal.reason);
  signal.addEventListener('abort', destroy);
  socket.once('close', () => signal.removeEventListener('abort', destroy));
  if (signal.aborted) destroy();
  await next(socket, 'connect');
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  return ssl && !path ? encrypt(socket, host, address) : socket;
}

/** Asks the server for TLS. With `sslmode=prefer` a server may refuse it. */
async function encrypt(
  socket: net.Socket,
  host: string,
  { ssl, sslnegotiation }: ServerAddress,
): Promise<net.Socket> {
  const direct = sslnegotiation === 'direct';
  if (!direct) {
    socket.write(SSL_REQUEST);
    const [answer] = (await next(socket, 'data')) as Buffer;
    if (answer !== YES) {
      if (ssl === 'prefer') return socket;
      socket.destroy();
      throw new Error('the database offers no TLS: remove sslmode from DATABASE_URL, or set it up there');
    }
  }
  const encrypted = tls.connect({
    socket,
    // A name is needed to check the certificate, and an address is none.
    ...(net.isIP(host) ? {} : { servername: host }),
    ...(direct ? { ALPNProtocols: ['postgresql'] } : {}),
    // The meaning of these modes: encrypt, and ask for no certificate.
    ...(ssl === 'require' || ssl === 'allow' || ssl === 'prefer' ? { rejectUnauthorized: false } : {}),
  });
  encrypted.on('error', () => {});
  await next(encrypted, 'secureConnect');
  return encrypted;
}

/** The first value of the next event. @throws when the socket fails or ends before */
function next(socket: net.Socket, event: 'connect' | 'data' | 'secureConnect'): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onEvent = (value: unknown) => settle(() => resolve(value));
    const onError = (error: Error) => settle(() => reject(error));
    const onClose = () => settle(() => reject(new Error('the connection was closed')));
    const settle = (then: () => void) => {
      socket.off(event, onEvent);
      socket.off('error', onError);
      socket.off('close', onClose);
      then();
    };
    socket.once(event, onEvent);
    socket.once('error', onError);
    socket.once('close', onClose);
  });
}
