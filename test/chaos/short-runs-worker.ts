import { readConfig } from '../../src/config.ts';
import { startRelay } from '../../src/service/relay.ts';
import { openService } from '../../src/service/service.ts';
import { lazyClient } from '../../src/temporal/connection.ts';
import { createJourneyClient } from '../../src/temporal/journey-client.ts';

/** A relay that starts journeys whose runs continue as new after `ROLLOVER_AT` events of their history. */
const config = readConfig(process.env);
const service = openService(config, 'relay');
const { client } = lazyClient();
service.journeys = createJourneyClient(client, config.taskQueue, {
  rolloverAt: Number(process.env.ROLLOVER_AT),
});
const relay = await startRelay(service);
service.log.info('serving');
process.once('SIGTERM', () => {
  void relay
    .stop()
    .then(() => service.close())
    .then(() => process.exit(0));
});
