import { setTracing } from './spans.ts';

/** Variables of OpenTelemetry that switch tracing on. The SDK reads them, and its other ones, by itself. */
const SWITCHES = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'];

/** Tracing that runs. `stop` sends what is left, and gives up after ten seconds. */
export interface Tracing {
  stop(): Promise<void>;
}

/**
 * Starts the SDK if an endpoint is set: batches over OTLP/HTTP. An endpoint that is away loses spans and nothing else.
 * @param role the service's name is `throughline-{role}`, unless `OTEL_SERVICE_NAME` is set
 * @returns null where tracing is off
 */
export async function startTracing(
  role: string,
  version: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Tracing | null> {
  const isOn = SWITCHES.some((name) => env[name]?.trim()) && env.OTEL_SDK_DISABLED !== 'true';
  if (!isOn) return null;
  // Loaded on demand: a role that doesn't trace holds none of it in memory.
  const [{ BatchSpanProcessor, NodeTracerProvider }, { OTLPTraceExporter }, { resourceFromAttributes }] =
    await Promise.all([
      import('@opentelemetry/sdk-trace-node'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ]);
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({
      'service.name': env.OTEL_SERVICE_NAME || `throughline-${role}`,
      'service.version': version,
    }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  provider.register();
  setTracing(true);
  return {
    async stop() {
      setTracing(false);
      let timer: NodeJS.Timeout | undefined;
      const tooLate = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, 10_000);
      });
      await Promise.race([provider.shutdown().catch(() => {}), tooLate]);
      clearTimeout(timer);
    },
  };
}
