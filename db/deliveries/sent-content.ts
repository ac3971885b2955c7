import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { CmsVersion } from '../cms/cms-content.ts';

/** What was sent, as support sees it. */
export interface SentContent {
  /** The address; the customer's id on a channel that needs no address. */
  to: string;
  from: { name: string; email: string };
  subject: string | null;
  html: string | null;
  text: string;
  /** What of a CMS it was made of; missing: of a file of the bundle. */
  cms?: CmsVersion;
}

const FORMAT_1 = 1;
const DEFLATE = { level: 4, memLevel: 8 };

/** One byte for the format, then JSON, deflated. */
export function encodeSentContent(content: SentContent): Buffer {
  return Buffer.concat([Buffer.of(FORMAT_1), deflateRawSync(JSON.stringify(content), DEFLATE)]);
}

/** @throws Error for a format of a later build */
export function decodeSentContent(bytes: Uint8Array): SentContent {
  if (bytes[0] !== FORMAT_1)
    throw new Error(`the content of a delivery has format ${bytes[0]}, which this build cannot read`);
  return JSON.parse(inflateRawSync(bytes.subarray(1)).toString()) as SentContent;
}
