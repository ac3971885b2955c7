/** Devices of one customer that get a push message. */
const MAX_DEVICES = 20;
const MAX_CHARS = 4_096;

/**
 * The devices in a trait, as one address: a token, a subscription of a browser, or a list of either. The same devices in
 * another order are the same address. Undefined if there is none.
 */
export function normaliseDevices(value: unknown): string | undefined {
  const list = Array.isArray(value) ? value : [value];
  const devices = [...new Set(list.flatMap((item) => readDevice(item) ?? []))].slice(-MAX_DEVICES).sort();
  return devices.length > 1 ? JSON.stringify(devices) : devices[0];
}

/** The devices of an address, each as text. */
export function readDevices(address: string): string[] {
  if (!address.startsWith('[')) return [address];
  try {
    const list: unknown = JSON.parse(address);
    return Array.isArray(list) ? list.filter((item) => typeof item === 'string') : [address];
  } catch {
    return [address];
  }
}

function readDevice(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.trim() : writeSubscription(value);
  return text === undefined || text === '' || text.length > MAX_CHARS ? undefined : text;
}

/** A browser's `PushSubscription`, with what a message needs of it. */
function writeSubscription(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { endpoint, keys } = value as {
    endpoint?: unknown;
    keys?: { p256dh?: unknown; auth?: unknown } | null;
  };
  const { p256dh, auth } = keys ?? {};
  if (![endpoint, p256dh, auth].every((field) => typeof field === 'string' && field !== '')) return undefined;
  return JSON.stringify({ endpoint, keys: { p256dh, auth } });
}
