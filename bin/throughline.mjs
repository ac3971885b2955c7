#!/usr/bin/env node
// The entry point of every command. Node only, without packages, because it must run in a fresh clone.
import { existsSync } from 'node:fs';

const OLDEST_NODE = [20, 20];

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
  console.error(
    `error: Node ${process.versions.node} is too old: install Node ${OLDEST_NODE.join('.')} or newer`,
  );
  process.exit(1);
}

// Only a checkout has this file. An installed package has a build already, and nothing to build it of.
const checkout = new URL('../scripts/checkout.mjs', import.meta.url);
const handled =
  existsSync(checkout) && (await (await import(checkout.href)).runInCheckout(process.argv.slice(2)));
if (!handled) await import(new URL('../dist/src/cli/main.js', import.meta.url).href);
