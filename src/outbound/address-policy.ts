import ipaddr from 'ipaddr.js';
import { type AllowList, isHostListed } from './allow-list.ts';

/** Addresses that the registries give to hosts of the internet; the rest of IPv6 has other purposes, or none yet. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');

/** Why an address may not be called: the kind of address, `loopback` or `private`. Null if it may. */
export function refuseAddress(allow: AllowList, host: string, address: string): string | null {
  // The zone of `fe80::1%eth0` says nothing about the address.
  const parsed = toEmbedded(ipaddr.process(address.replace(/%.*$/, '')));
  if (isHostListed(allow.hosts, host)) return null;
  if (
    allow.networks.some(([network, bits]) => network.kind() === parsed.kind() && parsed.match(network, bits))
  )
    return null;
  const range = parsed.range();
  if (range !== 'unicast') return range;
  return parsed instanceof ipaddr.IPv6 && !parsed.match(GLOBAL_IPV6) ? 'reserved' : null;
}

/** The IPv4 address to which a translator (NAT64, RFC 6052) passes a connection; other addresses as they are. */
function toEmbedded(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  return address.range() === 'rfc6052' ? new ipaddr.IPv4(address.toByteArray().slice(12)) : address;
}
