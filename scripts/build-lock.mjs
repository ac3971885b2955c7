// One build at a time: a second process waits for the first, and then finds that its work is done.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from './sources.mjs';

const FILE = path.join(ROOT, '.throughline', 'build.lock');
const POLL_MS = 100;

/** Whether a process is alive; a number that can't be read is none. */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function takeLock() {
  try {
    writeFileSync(FILE, `${process.pid}`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  try {
    const holder = Number(readFileSync(FILE, 'utf8'));
    // An empty file is one that its process is about to write.
    if (holder > 0 && !isAlive(holder)) rmSync(FILE, { force: true });
  } catch {
    // It was removed in between.
  }
  return false;
}

/**
 * Does work while no other process does. Two may still do so at once, if a killed one has left its lock: each works in
 * a folder of its own.
 */
export async function withBuildLock(work, onWait) {
  mkdirSync(path.dirname(FILE), { recursive: true });
  for (let waits = false; !takeLock(); waits = true) {
    if (!waits) onWait();
    await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(FILE, { force: true });
  }
}
