import type { HistoryEvent } from '@aws-sdk/client-sfn';

type Details = Partial<HistoryEvent>;

/** Events in order, each of which follows the one before it. */
export const anHistory = (...details: readonly Details[]): readonly HistoryEvent[] =>
  details.map((event, index) => ({
    type: 'TaskStateEntered',
    timestamp: new Date(Date.parse('2026-11-30T22:00:00Z') + index * 1000),
    id: index + 1,
    previousEventId: index,
    ...event,
  }));

export const entered = (name: string, input = '{}'): Details => ({ stateEnteredEventDetails: { name, input } });
export const exited = (name: string, output = '{}'): Details => ({
  type: 'TaskStateExited',
  stateExitedEventDetails: { name, output },
});

export const scheduled = (resourceType: string, parameters = '{}'): Details => ({
  type: 'TaskScheduled',
  taskScheduledEventDetails: { resourceType, resource: 'invoke', region: 'us-east-1', parameters },
});

export const failed: Details = {
  type: 'TaskFailed',
  taskFailedEventDetails: { resourceType: 'lambda', resource: 'x', error: 'Boom', cause: 'it broke' },
};

export const iteration = (index: number): Details => ({
  type: 'MapIterationStarted',
  mapIterationStartedEventDetails: { name: 'Generate images', index },
});
export const iterated = (index: number): Details => ({
  type: 'MapIterationSucceeded',
  mapIterationSucceededEventDetails: { name: 'Generate images', index },
});
