import { type Instant, type Millis, SECOND } from './time/time.ts';

/** What a request for a tracked link or image says of who sent it. Nothing else of it is read, and nothing is kept. */
export interface HitRequest {
  method: string;
  userAgent: string;
  /** `Sec-Purpose`, `Purpose`, `X-Purpose` and `X-Moz`, joined. */
  purpose: string;
}

/** Proxies of mailboxes: they load images for everybody, and often before anybody reads the mail. */
const IMAGE_PROXIES = /GoogleImageProxy|YahooMailProxy|ggpht\.com/i;
/** Apple's Mail Privacy Protection loads every image of every mail, and calls itself this and nothing more. */
const APPLE_PROXY = /^Mozilla\/5\.0$/;
/** Scanners, previews of chats, crawlers, and programs without a browser. */
const MACHINES =
  /(?<!cu)bot\b|crawl|spider|slurp|scanner|preview|prefetch|headless|phantom|monitor|curl\/|wget\/|python|okhttp|java\/|go-http|node-fetch|undici|axios|libwww|ruby|perl|barracuda|proofpoint|mimecast|safelinks|fortinet|ironport|symantec|sophos|trendmicro|cloudmark|facebookexternalhit|whatsapp|skypeuripreview|google-safety|googleimageproxy|yahoomailproxy/i;
const PREFETCH = /prefetch|prerender|preview/i;

/** Whether a machine sent the request, and not the person who got the message. */
export function isAutomaticRequest(
  kind: 'opened' | 'clicked',
  { method, userAgent, purpose }: HitRequest,
): boolean {
  if (method !== 'GET' || PREFETCH.test(purpose)) return true;
  const agent = userAgent.trim();
  if (APPLE_PROXY.test(agent)) return true;
  // Programs that show mails load images without a name; browsers, in which links open, have one.
  if (kind === 'opened') return IMAGE_PROXIES.test(agent);
  return agent === '' || MACHINES.test(agent);
}

/** A click on one link of a message. */
export interface LinkHit {
  position: number;
  at: Instant;
}

/** No person follows so many links of one message within {@link BURST}. */
const BURST_LINKS = 3;
const BURST: Millis = 3 * SECOND;
/** A mail is not delivered, opened and clicked sooner than this after it was handed over. */
export const SOONEST_ANSWER: Millis = 2 * SECOND;

/** Whether clicks of one message are those of a scanner, which follows all its links at once. */
export function isBurst(hits: readonly LinkHit[]): boolean {
  const sorted = [...hits].sort((a, b) => a.at - b.at);
  return sorted.some(({ at }, n) => {
    const within = sorted.slice(n).filter((hit) => hit.at - at <= BURST);
    return new Set(within.map(({ position }) => position)).size >= BURST_LINKS;
  });
}
