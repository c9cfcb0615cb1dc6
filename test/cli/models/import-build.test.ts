import type { Build } from '@aws-sdk/client-codebuild';
import { describe, expect, it } from 'vitest';
import { followBuild, whyFailed } from '../../../cli/models/import-build.ts';

describe('the build that imports a model', () => {
  it('is followed to its end, each phase told once', async () => {
    const builds: Build[] = [
      { buildStatus: 'IN_PROGRESS', currentPhase: 'QUEUED' },
      { buildStatus: 'IN_PROGRESS', currentPhase: 'BUILD' },
      { buildStatus: 'IN_PROGRESS', currentPhase: 'BUILD' },
      { buildStatus: 'SUCCEEDED', currentPhase: 'COMPLETED' },
    ];
    const told: string[] = [];
    const end = await followBuild(async () => builds.shift() ?? {}, {
      onPhase: (phase) => told.push(phase),
      pollMs: 1,
    });
    expect(end.buildStatus).toBe('SUCCEEDED');
    expect(told).toEqual(['QUEUED', 'BUILD', 'COMPLETED']);
  });

  it('that failed says in which phase, and what CodeBuild said of it', () => {
    const contexts = [{ statusCode: 'COMMAND_EXECUTION_ERROR', message: 'exit status 1' }];
    const phases: Build['phases'] = [
      { phaseType: 'INSTALL', phaseStatus: 'SUCCEEDED' },
      { phaseType: 'BUILD', phaseStatus: 'FAILED', contexts },
    ];
    expect(whyFailed({ phases })).toBe('BUILD: COMMAND_EXECUTION_ERROR exit status 1');
    expect(whyFailed({})).toBe('no phase says why');
  });
});
