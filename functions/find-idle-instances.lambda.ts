import { makeFindIdleInstances } from './find-idle-instances.ts';
import { logged } from './logged.ts';
import { clock, readInstanceTypes, readZones, wireClusters, wireEnvironments, wireInstances } from './wiring.ts';

export const handler = logged(
  'Find idle instances',
  makeFindIdleInstances({
    instances: wireInstances(),
    environments: wireEnvironments(),
    clusters: wireClusters(),
    clock,
    zones: readZones(),
    instanceTypes: readInstanceTypes(),
  }),
  // The alarm's metric filter reads `idleInstances`, also where it is 0.
  { summarize: ({ instances, idle }) => ({ instances, idleInstances: idle.length, idle }) },
);
