// The entry point of a thread that runs TypeScript sources. The build has no such file.
import { workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
await import(workerData.module);
