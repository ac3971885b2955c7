import { createDecipheriv, createECDH, createHmac, type ECDH, hkdfSync, randomBytes } from 'node:crypto';
import { type Peer, startPeer } from './peer.ts';

/** A browser that has subscribed. */
export interface Browser {
  /** What `PushSubscription.toJSON()` gives. */
  subscription: { endpoint: string; expirationTime: null; keys: { p256dh: string; auth: string } };
  /** What arrived, decrypted. */
  shown: Record<string, unknown>[];
  /** What the push service answers about it; 201 by default. */
  status: number;
}

export interface PushServicePeer extends Peer {
  subscribe(): Browser;
}

/** Starts a server that acts like a browser's push service (RFC 8030), and decrypts for its browsers (RFC 8291). */
export async function startPushService(): Promise<PushServicePeer> {
  const browsers = new Map<string, { browser: Browser; pair: ECDH; auth: Buffer }>();
  const peer = await startPeer((request, response) => {
    const entry = browsers.get(request.url ?? '');
    const status = entry?.browser.status ?? 404;
    const { authorization = '', ttl, 'content-encoding': encoding } = request.headers;
    if (
      !/^vapid t=[^.]+\.[^.]+\.[^,]+, ?k=\S+$/.test(authorization) ||
      ttl === undefined ||
      encoding !== 'aes128gcm'
    )
      return void response.writeHead(400).end('missing VAPID, TTL or encoding');
    if (entry && status === 201) {
      const body = peer.requests.at(-1)?.body ?? Buffer.alloc(0);
      entry.browser.shown.push(JSON.parse(decrypt(body, entry.pair, entry.auth)));
      response.setHeader('location', `${peer.url}/m/${randomBytes(4).toString('hex')}`);
    }
    if (status === 429) response.setHeader('retry-after', '30');
    response.writeHead(status).end(status === 201 ? '' : 'push subscription has unsubscribed or expired');
  });
  return {
    ...peer,
    subscribe() {
      const pair = createECDH('prime256v1');
      const p256dh = pair.generateKeys().toString('base64url');
      const auth = randomBytes(16);
      const path = `/wpush/v2/${randomBytes(16).toString('hex')}`;
      const keys = { p256dh, auth: auth.toString('base64url') };
      const browser: Browser = {
        subscription: { endpoint: `${peer.url}${path}`, expirationTime: null, keys },
        shown: [],
        status: 201,
      };
      browsers.set(path, { browser, pair, auth });
      return browser;
    },
  };
}

/**
 * Decrypts a body of the encoding `aes128gcm` (RFC 8188) with a browser's keys (RFC 8291): salt (16 bytes), size of a
 * record (4), length of the sender's public key (1), the key, and one record that ends with 0x02 and padding.
 */
function decrypt(body: Buffer, pair: ECDH, auth: Buffer): string {
  const salt = body.subarray(0, 16);
  const length = body.readUInt8(20);
  const sender = body.subarray(21, 21 + length);
  const record = body.subarray(21 + length);
  const shared = pair.computeSecret(sender);
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), pair.getPublicKey(), sender]);
  const key = Buffer.from(hkdfSync('sha256', shared, auth, info, 32));
  const pseudorandom = createHmac('sha256', salt).update(key).digest();
  const expand = (label: string, bytes: number) =>
    createHmac('sha256', pseudorandom)
      .update(`Content-Encoding: ${label}\0\u0001`)
      .digest()
      .subarray(0, bytes);
  const decipher = createDecipheriv('aes-128-gcm', expand('aes128gcm', 16), expand('nonce', 12));
  decipher.setAuthTag(record.subarray(-16));
  const plain = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
  return plain.subarray(0, plain.lastIndexOf(2)).toString();
}
