import ipaddr from 'ipaddr.js';

/** What may be called although its address is not public. */
export interface AllowList {
  /** Host names, in lower case; `*.suffix` permits all names below. */
  hosts: readonly string[];
  networks: readonly (readonly [ipaddr.IPv4 | ipaddr.IPv6, number])[];
}

export const NOTHING_ALLOWED: AllowList = { hosts: [], networks: [] };

const HOST = /^(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/;

/** Reads `sms.internal, 10.2.0.0/16, ::1`. Undefined if an entry is none of a host, an address and a CIDR. */
export function readAllowList(text: string): AllowList | undefined {
  const hosts: string[] = [];
  const networks: AllowList['networks'][number][] = [];
  for (const entry of text.toLowerCase().split(/[\s,]+/)) {
    if (entry === '') continue;
    if (ipaddr.isValidCIDR(entry)) networks.push(ipaddr.parseCIDR(entry));
    else if (ipaddr.IPv4.isValidFourPartDecimal(entry) || ipaddr.IPv6.isValid(entry)) {
      const address = ipaddr.parse(entry);
      networks.push([address, address.toByteArray().length * 8]);
    } else if (HOST.test(entry) && !/^[\d.]+$/.test(entry)) hosts.push(entry);
    else return undefined;
  }
  return { hosts, networks };
}

/** Whether a name is on a list of names and `*.suffix`. */
export function isHostListed(hosts: readonly string[], host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  return hosts.some((entry) => (entry.startsWith('*.') ? name.endsWith(entry.slice(1)) : name === entry));
}
