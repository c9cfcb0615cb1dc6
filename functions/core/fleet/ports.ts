/** One per pool; AWS gives its name. */
export interface ComputeEnvironment {
  readonly arn: string;
  /** False while it changes: AWS takes no other change. */
  readonly settled: boolean;
  readonly valid: boolean;
  readonly clusterArn?: string;
  /** Absent: the image is AWS's choice. */
  readonly imageId?: string;
}

export interface ComputeEnvironments {
  /** Those behind the queues that exist. */
  behind(queues: readonly string[]): Promise<readonly ComputeEnvironment[]>;
  useImage(arn: string, imageId: string): Promise<void>;
}

/** An instance that runs a worker, or may. */
export interface Instance {
  readonly id: string;
  /** milliseconds since the epoch */
  readonly launchedAt: number;
}

export interface Instances {
  /** Every running one of ours. */
  running(): Promise<readonly Instance[]>;
}

/** An instance as the cluster of its compute environment sees it. */
export interface Member {
  readonly instanceId: string;
  /** milliseconds since the epoch */
  readonly registeredAt: number;
  /** running and on their way */
  readonly tasks: number;
}

export interface Clusters {
  members(clusterArn: string): Promise<readonly Member[]>;
}

/** A machine image of ours, ready to be used. */
export interface GoldenImage {
  readonly id: string;
  /** ISO time */
  readonly createdAt: string;
  readonly snapshotIds: readonly string[];
}

export interface GoldenImages {
  list(): Promise<readonly GoldenImage[]>;
  /** The image, then its snapshots: they can't go while it is there. */
  remove(image: GoldenImage): Promise<void>;
}
