import { Architecture, FunctionUrlAuthType, type ILayerVersion } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { SpotFunction } from './function.ts';
import type { Environment, FunctionContext, FunctionSpec } from './function-spec.ts';
import { makeSharpLayer } from './sharp-layer.ts';
import { galleryDoor, listSideFunctions } from './side-functions.ts';
import { listWorkflowFunctions } from './workflow-functions.ts';

export interface FunctionsProps
  extends Pick<FunctionContext, 'bucket' | 'table' | 'messages' | 'timers' | 'undelivered'> {
  readonly config: Config;
  readonly retention: RetentionDays;
}

/** Which pools there are, as `wiring.ts` reads it. */
export const poolsEnvironment = ({ zones, instanceTypes }: Config): Environment => ({
  ZONES: zones.join(','),
  INSTANCE_TYPES: instanceTypes.join(','),
});

const architectures = { arm64: Architecture.ARM_64, x86_64: Architecture.X86_64 };

/** All functions of the system, by their file name. */
export class Functions extends Construct {
  readonly galleryUrl: string;
  private readonly made = new Map<string, SpotFunction>();
  private readonly props: FunctionsProps;

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id);
    this.props = props;
    const sharp = makeSharpLayer(this, 'Sharp', architectures[props.config.lambdaArchitecture]);
    const context = this.makeContext(sharp);
    this.galleryUrl = props.config.galleryDoor ? this.openGallery(context) : '';
    const whole = {
      ...context,
      galleryUrl: this.galleryUrl,
      environment: { ...context.environment, closing: { GALLERY_URL: this.galleryUrl } },
    };
    for (const spec of [...listWorkflowFunctions(whole), ...listSideFunctions(whole)]) this.add(spec);
  }

  /** @throws Error for a name that is not in `functions/` */
  get(name: string): SpotFunction {
    const found = this.made.get(name);
    if (!found) throw new Error(`Expected a function of the stack, got \`${name}\``);
    return found;
  }

  /** One more function, with what it shares with the others. */
  add(spec: FunctionSpec): SpotFunction {
    const { config, retention } = this.props;
    const id = spec.name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
    const made = new SpotFunction(this, id, {
      ...spec,
      retention,
      architecture: architectures[config.lambdaArchitecture],
    });
    this.made.set(spec.name, made);
    return made;
  }

  private makeContext(sharp: ILayerVersion): FunctionContext {
    const { bucket, table, config } = this.props;
    return {
      ...this.props,
      scope: this,
      sharp,
      galleryUrl: '',
      placementScores: config.placementScores,
      environment: {
        bucket: { BUCKET: bucket.bucketName },
        table: { TABLE: table.tableName },
        pools: poolsEnvironment(config),
        outlook: { PLACEMENT_SCORES: String(config.placementScores) },
        model: { DEFAULT_MODEL: config.defaultModel },
        closing: {},
      },
    };
  }

  /** Anyone may call the URL; a path opens only with the unguessable, expiring token of its job. */
  private openGallery(context: FunctionContext): string {
    const door = this.add(galleryDoor(context));
    const { url } = door.fn.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
    return url;
  }
}
