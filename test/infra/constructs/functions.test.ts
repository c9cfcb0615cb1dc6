import { readdirSync } from 'node:fs';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { functionsDir } from '../../../infra/paths.ts';
import { aTemplate } from '../synth.ts';

const template = aTemplate();

/** Our functions by name; those of libraries have none. */
const functions = Object.fromEntries(
  Object.values(template.findResources('AWS::Lambda::Function'))
    .filter(({ Properties }) => Properties.FunctionName)
    .map((resource) => [resource.Properties.FunctionName.replace('spot-diffusion-', ''), resource]),
);
const names = Object.keys(functions);
const files = readdirSync(functionsDir).flatMap((name) => (name.endsWith('.lambda.ts') ? [name.slice(0, -10)] : []));

describe('the functions', () => {
  it('are the entries of `functions/`, but for the one of the golden AMI', () => {
    expect(names.sort()).toEqual(files.filter((name) => name !== 'adopt-golden-ami').sort());
  });

  it.each(names)('%s runs on Node 24 and arm64 as an ES module, traced', (name) => {
    expect(functions[name]?.Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      TracingConfig: { Mode: 'Active' },
    });
  });

  it.each(names)(
    '%s has a role and a log group of its own, which keeps for 30 days and goes with the stack',
    (name) => {
      const { Properties } = functions[name] ?? {};
      const group = template.findResources('AWS::Logs::LogGroup')[Properties.LoggingConfig.LogGroup.Ref];
      expect(group?.Properties).toMatchObject({
        LogGroupName: `/aws/lambda/spot-diffusion-${name}`,
        RetentionInDays: 30,
      });
      expect(group?.DeletionPolicy).toBe('Delete');
      const sharing = names.filter(
        (other) => functions[other]?.Properties.Role['Fn::GetAtt'][0] === Properties.Role['Fn::GetAtt'][0],
      );
      expect(sharing).toEqual([name]);
    },
  );

  it('may each write their trace and their own log', () => {
    const policies = Object.entries(template.findResources('AWS::IAM::Policy')).filter(([id]) => /^Functions/.test(id));
    expect(policies).toHaveLength(names.length);
    for (const [, { Properties }] of policies) {
      const text = JSON.stringify(Properties.PolicyDocument);
      expect(text).toContain('xray:PutTraceSegments');
      expect(text).toContain('logs:PutLogEvents');
      expect(text).not.toContain('logs:CreateLogGroup');
    }
  });

  it('have the layer of sharp where pictures are decoded, and nowhere else', () => {
    const withLayer = names.filter((name) => functions[name]?.Properties.Layers);
    expect(withLayer.sort()).toEqual(['clean-up-job', 'close-job', 'make-thumbnails']);
    template.hasResourceProperties('AWS::Lambda::LayerVersion', { CompatibleArchitectures: ['arm64'] });
  });

  it('reserve no concurrency: a new account has ten', () => {
    template.allResourcesProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: Match.absent() });
  });

  it('run on x86_64 with its layer where the deployer asks for it', () => {
    const x86 = aTemplate({ lambdaArchitecture: 'x86_64' });
    const ours = Object.values(x86.findResources('AWS::Lambda::Function')).filter(
      ({ Properties }) => Properties.FunctionName,
    );
    expect(ours.every(({ Properties }) => Properties.Architectures.join() === 'x86_64')).toBe(true);
    x86.hasResourceProperties('AWS::Lambda::LayerVersion', { CompatibleArchitectures: ['x86_64'] });
  });

  it('open the gallery door by a URL that anyone may call, and tell the closing functions of it', () => {
    template.hasResourceProperties('AWS::Lambda::Url', { AuthType: 'NONE' });
    for (const name of ['close-job', 'clean-up-job']) {
      expect(functions[name]?.Properties.Environment.Variables.GALLERY_URL).toEqual({
        'Fn::GetAtt': [expect.stringMatching(/^FunctionsGalleryDoor/), 'FunctionUrl'],
      });
    }
    const callers = Object.values(template.findResources('AWS::Lambda::Permission')).filter(
      ({ Properties }) => Properties.Principal === '*',
    );
    expect(callers.map(({ Properties }) => Properties)).toEqual([
      expect.objectContaining({ Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE' }),
      expect.objectContaining({ Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true }),
    ]);
  });

  it('leave no door where it is off', () => {
    const shut = aTemplate({ galleryDoor: false });
    shut.resourceCountIs('AWS::Lambda::Url', 0);
    shut.resourcePropertiesCountIs('AWS::Lambda::Permission', { Principal: '*' }, 0);
    shut.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'spot-diffusion-close-job',
      Environment: { Variables: { GALLERY_URL: '' } },
    });
    expect(shut.toJSON().Outputs).not.toHaveProperty('GalleryUrl');
  });
});
