import { type Finding, fail, ok, warn } from './finding.ts';

export interface SettingsFacts {
  secret: string;
  previousSecret: string | null;
  publicUrl: string;
}

const SHORT = 32;
const FEW_CHARACTERS = 10;
const LOOPBACK = /^(localhost|127\.|0\.0\.0\.0$|\[?::1\]?$|\[::\]$)/;

/** Judges settings that are valid, and may still be a mistake. */
export function judgeSettings({ secret, previousSecret, publicUrl }: SettingsFacts): Finding[] {
  return [judgeSecret(secret), ...judgePreviousSecret(secret, previousSecret), judgePublicUrl(publicUrl)];
}

/** One finding for each variable that is missing or wrong, as `readConfig` says it. */
export function judgeEnvironmentProblems(message: string): Finding[] {
  return message
    .split('\n')
    .map((line) => fail('environment', line, 'set it for all roles (docs/reference/configuration.md)'));
}

function judgeSecret(secret: string): Finding {
  const check = 'secret';
  const isWeak = secret.length < SHORT || new Set(secret).size < FEW_CHARACTERS || /\s/.test(secret);
  if (!isWeak) return ok(check, `THROUGHLINE_SECRET has ${secret.length} characters`);
  return warn(
    check,
    `THROUGHLINE_SECRET can be guessed: it has ${secret.length} characters, few different ones, or is a phrase`,
    'before customers get links, set it to the output of openssl rand -base64 32',
  );
}

function judgePreviousSecret(secret: string, previous: string | null): Finding[] {
  if (previous !== secret) return [];
  return [
    warn(
      'previous_secret',
      'THROUGHLINE_PREVIOUS_SECRET is the same as THROUGHLINE_SECRET',
      'set it to the secret before, or unset it',
    ),
  ];
}

function judgePublicUrl(publicUrl: string): Finding {
  const check = 'public_url';
  const { hostname, protocol } = new URL(publicUrl);
  if (LOOPBACK.test(hostname))
    return warn(
      check,
      `links in messages lead to ${publicUrl}, which only this machine can open`,
      'set PUBLIC_URL to the address that customers reach, for API, worker and relay',
    );
  if (protocol === 'http:')
    return warn(
      check,
      `links in messages lead to ${publicUrl} without TLS`,
      'set PUBLIC_URL to an https address',
    );
  return ok(check, `links in messages lead to ${publicUrl}`);
}
