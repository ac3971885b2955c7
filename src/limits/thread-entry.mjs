// The entry point of every thread. A thread does not inherit tsx, which reads the TypeScript sources.
import { workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
await import(workerData.module);
