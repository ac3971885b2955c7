import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/**
 * Parameters that OWASP names for scrypt, with 32 MB for each hash. Node has scrypt built in, so nothing has to be
 * compiled or downloaded for a platform, and it runs in Node's thread pool, never in the thread that serves requests.
 */
const PARAMETERS = { N: 2 ** 15, r: 8, p: 3 };
const MAX_MEMORY = 64 * 1024 * 1024;
const SALT_BYTES = 16;
const HASH_BYTES = 32;

const computeScrypt = promisify<Buffer | string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** Hashes a password, as `$scrypt$n=…,r=…,p=…$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await compute(password, salt, PARAMETERS);
  const { N, r, p } = PARAMETERS;
  return `$scrypt$n=${N},r=${r},p=${p}$${salt.toString('base64url')}$${hash.toString('base64url')}`;
}

/** Whether this is the password. Null, for a user without one, takes as long and is never right. */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const [, n, r, p, salt, hash] =
    /^\$scrypt\$n=(\d+),r=(\d+),p=(\d+)\$([\w-]+)\$([\w-]+)$/.exec(stored ?? NO_PASSWORD) ?? [];
  if (salt === undefined || hash === undefined) throw new Error('a password hash has another form');
  const expected = Buffer.from(hash, 'base64url');
  const actual = await compute(password, Buffer.from(salt, 'base64url'), {
    N: Number(n),
    r: Number(r),
    p: Number(p),
  });
  return timingSafeEqual(actual, expected) && stored !== null;
}

const NO_PASSWORD = `$scrypt$n=${PARAMETERS.N},r=${PARAMETERS.r},p=${PARAMETERS.p}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/** Two people may type the same letters as different code points. */
function compute(password: string, salt: Buffer, parameters: typeof PARAMETERS): Promise<Buffer> {
  return computeScrypt(password.normalize('NFKC'), salt, HASH_BYTES, { ...parameters, maxmem: MAX_MEMORY });
}
