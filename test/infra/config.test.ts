import { describe, expect, it } from 'vitest';
import { zonePrefix } from '../../infra/config.ts';
import { aConfig, readGiven } from './synth.ts';

describe('the configuration', () => {
  it('fits a new account as it comes: types of 4 vCPUs, five zones of us-east-1', () => {
    expect(aConfig()).toEqual({
      region: 'us-east-1',
      zones: ['use1-az1', 'use1-az2', 'use1-az4', 'use1-az5', 'use1-az6'],
      instanceTypes: ['g4dn.xlarge', 'g5.xlarge', 'g6.xlarge', 'g6e.xlarge'],
      defaultModel: 'sd-1.5',
      monthlyBudgetUsd: 50,
      maxVcpusPerPool: 64,
      placementScores: false,
      galleryDoor: true,
      goldenAmi: false,
      lambdaArchitecture: 'arm64',
      logExecutionData: false,
      logRetentionDays: 30,
    });
  });

  it.each([
    ['us-east-1', 'use1'],
    ['us-west-2', 'usw2'],
    ['eu-central-1', 'euc1'],
    ['ap-northeast-2', 'apne2'],
    ['ap-southeast-1', 'apse1'],
    ['ca-central-1', 'cac1'],
    ['sa-east-1', 'sae1'],
  ])('knows how the AZ ids of %s begin', (region, prefix) => {
    expect(zonePrefix(region)).toBe(prefix);
    if (region !== 'us-east-1') {
      expect(aConfig({ region }).zones).toEqual([1, 2, 3].map((number) => `${prefix}-az${number}`));
    }
  });

  it('reads the texts of the command line as it reads the values of cdk.json', () => {
    const texts = {
      zones: 'use1-az4, use1-az6',
      galleryDoor: 'false',
      monthlyBudgetUsd: '12.5',
      maxVcpusPerPool: '8',
      subnets: '{"use1-az4":"subnet-0123456789abcdef0"}',
    };
    const values = {
      zones: ['use1-az4', 'use1-az6'],
      galleryDoor: false,
      monthlyBudgetUsd: 12.5,
      maxVcpusPerPool: 8,
      subnets: { 'use1-az4': 'subnet-0123456789abcdef0' },
    };
    expect(readGiven(texts)).toEqual(readGiven(values));
    expect(readGiven(texts).problems).toEqual([]);
  });

  it.each([
    ['maxVcpusPerPool', '1.5'],
    ['monthlyBudgetUsd', 0],
    ['email', 'someone'],
    ['zones', ''],
    ['logRetentionDays', -1],
  ])('refuses %s = %s, and goes on with the default', (key, value) => {
    const { config, problems } = readGiven({ [key]: value });
    expect(problems).toEqual([expect.stringContaining(`\`spot-diffusion:${key}`)]);
    expect(config).toEqual(aConfig());
  });
});
