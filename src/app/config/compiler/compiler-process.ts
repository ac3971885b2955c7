import { sayPlace, serveProcess } from '../../../limits/serve-process.ts';
import { doWork, type WorkRequest } from './work.ts';

// The process in which bundles are compiled. `bundle-compiler.ts` starts it.
serveProcess((request: WorkRequest) => doWork(request, sayPlace));
