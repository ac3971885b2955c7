/** The password of basic authentication; undefined if there is none. */
export function readPassword(authorization: string | undefined): string | undefined {
  const [, encoded] = /^basic ([\w+/=-]+)$/i.exec(authorization ?? '') ?? [];
  if (encoded === undefined) return undefined;
  const bytes = Buffer.from(encoded, 'base64');
  // Node reads base64 leniently: of two texts for the same bytes only one is what the vendor sends.
  if (bytes.toString('base64') !== encoded) return undefined;
  const [, ...password] = bytes.toString().split(':');
  return password.join(':');
}
